package org.cam4j.door;

import java.util.List;
import java.util.OptionalInt;

/** A model from a file. Plans are made of it for one image size at a time. */
public interface OpenedModel {

    /**
     * Returns the file's name.
     *
     * @return without its folder
     */
    String name();

    /**
     * Returns the names of the outputs that can be chosen.
     *
     * @return at least one, in the model's order
     */
    List<String> outputs();

    /**
     * Returns the rows of the image.
     *
     * @return empty if the model leaves them open
     */
    OptionalInt inputHeight();

    /**
     * Returns the columns of the image.
     *
     * @return empty if the model leaves them open
     */
    OptionalInt inputWidth();

    /**
     * Returns what the file, or one beside it, says of photos and classes.
     *
     * @return parts are empty where nothing is said
     */
    PhotoSettings settings();

    /**
     * Makes a plan.
     *
     * @param height rows of the image; the model's own if it fixes them
     * @param width columns of the image; the model's own if it fixes them
     * @return the plan, with the outputs that may hold scores of classes
     * @throws org.cam4j.exception.UnsupportedModelException if no plan expresses the model
     */
    PlannedModel plan(int height, int width);
}
