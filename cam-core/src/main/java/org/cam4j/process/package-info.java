/**
 * What belongs to the whole process: its environment, OpenMP's threads and how they wait, and the processors that threads run on.
 *
 * <p>Linux functions are called through JavaCPP; elsewhere nothing is changed.
 */
package org.cam4j.process;
