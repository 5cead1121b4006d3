/**
 * Pictures of what a network saw.
 *
 * <p>In comes an {@link org.cam4j.Explanation}, or a photo and an {@link org.cam4j.ActivationMap}; out goes a
 * {@link java.awt.image.BufferedImage} or a PNG file: the heat over the photo ({@link org.cam4j.render.Overlay}), or many of
 * them side by side ({@link org.cam4j.render.ContactSheet}). Needs neither a display nor installed fonts; with captions in
 * Latin letters the pixels are the same on every machine.
 */
package org.cam4j.render;
