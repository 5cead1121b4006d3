/**
 * Settings of the whole process: its environment, OpenMP's threads and their waiting, and the processors of threads.
 *
 * <p>Calls Linux functions through JavaCPP; on other systems nothing is changed.
 */
package org.cam4j.process;
