/** The {@code cam4j} command line and worked examples. */
package org.cam4j.examples;
