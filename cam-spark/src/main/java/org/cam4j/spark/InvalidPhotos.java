package org.cam4j.spark;

import java.util.Arrays;
import java.util.Locale;
import org.cam4j.exception.Quoted;

/** What becomes of the row of a photo that cannot be explained. */
public enum InvalidPhotos {
    /** The task fails, and with it the job, after Spark's retries. */
    ERROR,
    /** The row is left out. */
    SKIP,
    /** The row is kept; its struct holds the reason in {@code error}, and nothing else. */
    KEEP;

    /**
     * Finds a choice.
     *
     * @param name {@code error}, {@code skip} or {@code keep}
     * @return the choice
     * @throws IllegalArgumentException if there is no such choice
     */
    public static InvalidPhotos named(String name) {
        return Arrays.stream(values())
                .filter(choice -> choice.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "handleInvalid cannot be " + Quoted.of(name) + "; choose one of error, skip, keep"));
    }
}
