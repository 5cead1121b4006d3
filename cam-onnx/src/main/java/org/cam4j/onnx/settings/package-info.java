/**
 * What ONNX files and the files beside them say of photos and classes.
 *
 * <p>In come metadata and a path; out go {@link org.cam4j.door.PhotoSettings}.
 */
package org.cam4j.onnx.settings;
