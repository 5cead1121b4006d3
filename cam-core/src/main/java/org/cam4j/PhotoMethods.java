package org.cam4j;

import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.RawMap;
import org.cam4j.explain.network.Progress;
import org.cam4j.image.MapPlacement;

/** What methods need of a photo besides the maps that came with its predictions. */
interface PhotoMethods {

    /** Of an explanation that was read from a file. */
    PhotoMethods OF_FILE = new PhotoMethods() {
        @Override
        public ExplainedImage image(Progress progress) {
            throw new IllegalStateException("this explanation was read from a file, which holds maps of the method "
                    + Explanation.METHOD + " alone: explain the photo again for another method.");
        }

        @Override
        public MapPlacement placement(RawMap map) {
            throw new IllegalStateException("no map was made");
        }
    };

    /** Returns the photo in the running network; throws {@link IllegalStateException} if the mapper is closed. */
    ExplainedImage image(Progress progress);

    /** Returns where the cells of a method's map lie in the network's input. */
    MapPlacement placement(RawMap map);
}
