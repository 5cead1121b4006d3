/**
 * Conversion of a photo to the network's input, and of positions in the input back to the photo's pixels.
 *
 * <p>In comes a file, a stream, bytes or a {@link java.awt.image.BufferedImage}; out goes an
 * {@link org.cam4j.image.ImageInput}: the tensor, preprocessed as the network was trained, and the
 * {@link org.cam4j.image.Geometry} that leads back. Where in that tensor the cells of a map lie, {@link
 * org.cam4j.image.ReceptiveFields} reads off the network.
 */
package org.cam4j.image;
