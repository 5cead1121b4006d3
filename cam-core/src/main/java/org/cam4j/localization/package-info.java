/**
 * Where in the photo the object is.
 *
 * <p>In comes an {@link org.cam4j.ActivationMap}; a {@link org.cam4j.localization.Localizer} enlarges it to the photo, cuts
 * it at a threshold and gives the {@link org.cam4j.localization.BoundingBox} of what remains. Boxes are in the photo's own
 * pixels, whatever was resized, cropped or padded for the network.
 */
package org.cam4j.localization;
