/**
 * Localization of objects in the photo.
 *
 * <p>In comes an {@link org.cam4j.ActivationMap}; a {@link org.cam4j.localization.Localizer} enlarges it to the photo, cuts
 * it at a threshold and gives the {@link org.cam4j.localization.BoundingBox}es of what remains, a
 * {@link org.cam4j.localization.MapCheck} says whether the map can be trusted. {@link org.cam4j.localization.ObjectFinder}
 * and {@link org.cam4j.localization.HideAndSeek} look at the photo again to find several objects, or more of one. Boxes are in
 * the photo's own pixels, whatever was resized, cropped or padded for the network.
 */
package org.cam4j.localization;
