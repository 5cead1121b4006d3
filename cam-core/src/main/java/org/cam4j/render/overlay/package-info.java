/**
 * Draws a map over its photo: heat, boxes, contour lines and a legend.
 *
 * <p>In comes an {@link org.cam4j.Explanation}, out goes a picture by {@link org.cam4j.render.overlay.Overlay}.
 */
package org.cam4j.render.overlay;
