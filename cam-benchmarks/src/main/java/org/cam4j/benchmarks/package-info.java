/**
 * Measures cam4j: JMH benchmarks of its steps, and the worker that {@code peers/peers.py} times beside TensorFlow, ONNX
 * Runtime, OpenVINO and PyTorch.
 */
package org.cam4j.benchmarks;
