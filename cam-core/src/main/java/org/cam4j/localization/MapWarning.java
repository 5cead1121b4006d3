package org.cam4j.localization;

/** A reason to distrust a map, however convincing its picture looks. */
public enum MapWarning {
    /** No cell speaks for the class: the largest value is 0 or less. */
    ALL_NEGATIVE("Nothing in the photo speaks for this class; there is no region to show."),
    /** The values differ by less than a hundredth of the largest magnitude. */
    FLAT("The map is flat: the class's evidence lies nowhere in particular."),
    /** The hottest cell is in the outermost row or column of a map of at least 3x3 cells. */
    PEAK_ON_BORDER(
            "The hottest place lies on the photo's border: the object may be cut off, or the border itself speaks."),
    /** The centre of the hottest cell lies beside the photo, on the bars of a letterboxed input or on the network's own padding. */
    PEAK_ON_PADDING(
            "The hottest place lies on the bars that were added to fit the photo to the network, not in the photo."),
    /** The network's own layers leave the map's cells without a place in the photo: {@code map.placement()} says how. */
    NO_PLACE("The map's cells stand for no one place in the photo each: there is no box and no overlay."),
    /** The paper's box covers nine tenths of the photo or more. */
    BOX_NEARLY_WHOLE_PHOTO("The box is nearly the whole photo: it says little about where the object is."),
    /** Of the score, the bias of the layers behind the map is more than the map's mean. */
    EVIDENCE_IN_NO_PLACE(
            "Most of this class's score lies in no place: it comes from the network's biases, not from the photo."),
    /** The class's probability is below 0.5. */
    LOW_PROBABILITY("The network gives this class less than 50 %: it is more likely something else.");

    private final String sentence;

    MapWarning(String sentence) {
        this.sentence = sentence;
    }

    /**
     * The warning for people.
     *
     * @return one sentence
     */
    public String sentence() {
        return sentence;
    }
}
