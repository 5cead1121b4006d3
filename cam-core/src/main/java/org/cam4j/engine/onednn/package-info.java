/**
 * Runs plans on oneDNN, a library of kernels for x86-64 processors, through JavaCPP.
 *
 * <p>{@code NetworkCompiler} compiles a plan into primitives with packed weights and places in one arena. An {@code Execution} binds
 * the primitives to memory. {@link org.cam4j.engine.onednn.OneDnnEngine} passes images to executions: a single image runs on all
 * cores, several images run on one core each.
 */
package org.cam4j.engine.onednn;
