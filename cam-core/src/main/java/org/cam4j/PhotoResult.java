package org.cam4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.cam4j.exception.CamException;

/** The result for one of many photos: an explanation or a failure, see {@link ClassActivationMapper#explainAll}. */
public sealed interface PhotoResult {

    /**
     * Returns the photo's path.
     *
     * @return the path as it was given
     */
    Path photo();

    /**
     * A photo that was explained.
     *
     * @param photo the path as it was given
     * @param explanation its predictions and maps
     * @param took the time for decoding, preparing and the network, without waiting in queues
     */
    record Explained(Path photo, Explanation explanation, Duration took) implements PhotoResult {

        public Explained {
            Objects.requireNonNull(photo, "photo");
            Objects.requireNonNull(took, "took");
            Objects.requireNonNull(explanation, "explanation");
        }
    }

    /**
     * A photo that could not be explained.
     *
     * @param photo the path as it was given
     * @param reason the failure, with a message for the user
     */
    record Failed(Path photo, CamException reason) implements PhotoResult {

        public Failed {
            Objects.requireNonNull(photo, "photo");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
