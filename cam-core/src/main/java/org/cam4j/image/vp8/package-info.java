/**
 * Decodes VP8 key frames, the pictures of lossy WebP, to the bits of libwebp.
 *
 * <p>In comes the content of a {@code VP8 } chunk; out goes a picture in RGB. The formats are those of RFC 6386; where it leaves a
 * choice (chroma between samples, RGB, pixels beyond the right border), libwebp's is taken, because Pillow and TensorFlow use it.
 */
package org.cam4j.image.vp8;
