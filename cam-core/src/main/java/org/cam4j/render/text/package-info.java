/**
 * Draws text without fonts of the system: letters, captions and the tags of boxes.
 *
 * <p>In come words and a canvas, out go pixels on it.
 */
package org.cam4j.render.text;
