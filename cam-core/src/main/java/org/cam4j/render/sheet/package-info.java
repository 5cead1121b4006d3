/**
 * Draws the contact sheet: many overlays in one picture.
 *
 * <p>In come explanations, out goes a picture by {@link org.cam4j.render.sheet.ContactSheet}.
 */
package org.cam4j.render.sheet;
