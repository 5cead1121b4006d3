/**
 * Worked examples: small programs that use the library like an application. They made the figures of the documentation.
 *
 * <p>In come a model and photos; out come pictures. The command line is in {@code org.cam4j.examples.cli}.
 */
package org.cam4j.examples;
