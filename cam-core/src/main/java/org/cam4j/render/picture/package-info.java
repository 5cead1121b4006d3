/**
 * Pictures themselves: colormaps, canvases, shrinking, and PNG and JPEG files.
 *
 * <p>In come pixels, out go encoded pictures; nothing here knows of maps.
 */
package org.cam4j.render.picture;
