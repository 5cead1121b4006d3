/**
 * Pictures of what a network saw.
 *
 * <p>In comes an {@link org.cam4j.Explanation}, or a photo and an {@link org.cam4j.ActivationMap}; out goes a
 * {@link java.awt.image.BufferedImage}, a PNG file or a web page: the raw values ({@link org.cam4j.render.MapGrid}), the heat over
 * the photo ({@link org.cam4j.render.Overlay}), many of them side by side ({@link org.cam4j.render.ContactSheet}), or all that a
 * reader may ask of them ({@link org.cam4j.render.Report}). Needs neither a display nor installed fonts; with captions in Latin
 * letters the pixels are the same on every machine.
 */
package org.cam4j.render;
