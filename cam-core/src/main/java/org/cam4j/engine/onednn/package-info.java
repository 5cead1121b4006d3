/**
 * Runs plans on oneDNN, the kernels that x86-64 processors' frameworks share, through JavaCPP.
 *
 * <p>In comes a plan; {@code NetworkCompiler} makes of it primitives with packed weights and places in one arena, an
 * {@code Execution} binds them to memory, and {@link org.cam4j.engine.onednn.OneDnnEngine} gives images to executions: all
 * cores to a single image, one core to each of several.
 */
package org.cam4j.engine.onednn;
