/**
 * An engine on NVIDIA GPUs: cuDNN, cuBLAS and kernels of our own, through JavaCPP's presets of CUDA 13.
 *
 * <p>{@link org.cam4j.engine.cuda.CudaProvider} starts a {@link org.cam4j.engine.cuda.CudaEngine} for an
 * {@link org.cam4j.plan.InferencePlan} if there is a GPU. What a batch of one size does is compiled once, captured in a CUDA graph and
 * replayed.
 */
package org.cam4j.engine.cuda;
