package org.cam4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.cam4j.exception.CamException;

/** What became of one of many photos: see {@link ClassActivationMapper#explainAll}. */
public sealed interface PhotoResult {

    /**
     * Which photo.
     *
     * @return the path as it was given
     */
    Path photo();

    /**
     * A photo that was explained.
     *
     * @param photo the path as it was given
     * @param explanation its predictions and maps
     * @param took decoding, preparing and the network, without the time between them in queues
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
     * @param reason what was wrong with it, in words for people
     */
    record Failed(Path photo, CamException reason) implements PhotoResult {

        public Failed {
            Objects.requireNonNull(photo, "photo");
            Objects.requireNonNull(reason, "reason");
        }
    }
}
