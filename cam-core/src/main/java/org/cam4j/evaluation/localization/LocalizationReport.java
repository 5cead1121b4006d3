package org.cam4j.evaluation.localization;

/**
 * The agreement of boxes and maps with labelled boxes over a set of photos. All shares are in [0, 1].
 *
 * @param photos how many
 * @param gtKnown share of photos where the box of the labelled class's map has an intersection over union of 0.5 or more with a
 *     labelled box (GT-known localization accuracy)
 * @param top1 the same where the network also says that class (1 - ILSVRC's top-1 localization error)
 * @param top5 the same where the class is among its five best
 * @param meanOverlap mean intersection over union of that box with the labelled box that it agrees with best
 * @param pointing share of photos whose hottest pixel lies in a labelled box
 * @param coverage mean share of the labelled boxes' pixels that are in the region which the box encloses
 * @param boxAccuracy MaxBoxAcc and MaxBoxAccV2 of the maps
 * @param centre a box in the middle that covers half of the photo, instead of the map's
 * @param whole the whole photo as the box
 * @param centreAccuracy MaxBoxAcc and MaxBoxAccV2 of a bell in the middle of the photo
 */
public record LocalizationReport(
        int photos,
        double gtKnown,
        double top1,
        double top5,
        double meanOverlap,
        double pointing,
        double coverage,
        MaxBoxAccuracy boxAccuracy,
        Baseline centre,
        Baseline whole,
        MaxBoxAccuracy centreAccuracy) {

    /**
     * The agreement of a box that needs no network.
     *
     * @param gtKnown share of photos where it has an intersection over union of 0.5 or more with a labelled box
     * @param meanOverlap its mean intersection over union
     * @param pointing share of photos where its middle lies in a labelled box
     */
    public record Baseline(double gtKnown, double meanOverlap, double pointing) {}
}
