/**
 * The {@code cam4j} command line.
 *
 * <p>In come a model and photos; out come lines for people, JSON and NumPy files for programs, and pictures. Every command is one
 * class; an error prints one line.
 */
package org.cam4j.examples.cli;
