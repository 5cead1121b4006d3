/**
 * Reads ONNX files: their messages, within limits, and weights beside them.
 *
 * <p>In comes a path; out goes a message of ONNX's schema or a refusal.
 */
package org.cam4j.onnx.file;
