/**
 * From a photo to what the network sees, and the way back to the photo's pixels.
 *
 * <p>In comes a file, a stream, bytes or a {@link java.awt.image.BufferedImage}; out goes an
 * {@link org.cam4j.image.ImageInput}: the tensor, preprocessed as the network was trained, and the
 * {@link org.cam4j.image.Geometry} that leads back.
 */
package org.cam4j.image;
