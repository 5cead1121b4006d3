package org.cam4j.serve;

import java.time.Duration;

/**
 * What a server takes on at most. The largest photo is the mapper's limit ({@link org.cam4j.MapperBuilder#maxPixels}).
 *
 * @param uploadBytes of one request's body
 * @param requests that are received, waiting or worked on at the same time; further ones are answered with 429
 * @param maps of one photo: classes times methods
 * @param requestTime from the first byte of a request until its answer begins
 * @param stopTime that requests get to end when the server stops
 */
public record Limits(long uploadBytes, int requests, int maps, Duration requestTime, Duration stopTime) {

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is not positive
     */
    public Limits {
        if (uploadBytes < 1 || uploadBytes > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "a limit of " + uploadBytes + " bytes for uploads: give at least 1 and less than 2 GiB");
        }
        if (requests < 1) {
            throw new IllegalArgumentException("a limit of " + requests + " requests: give at least 1");
        }
        if (maps < 1) {
            throw new IllegalArgumentException("a limit of " + maps + " maps for a photo: give at least 1");
        }
        if (requestTime.toMillis() < 1 || stopTime.isNegative()) {
            throw new IllegalArgumentException("times of " + requestTime + " for a request and " + stopTime
                    + " for stopping: give at least a millisecond, and no negative time");
        }
    }

    /** {@return 20 MiB, 64 requests, 50 maps, 30 seconds a request, 8 seconds to stop} */
    public static Limits standard() {
        return new Limits(20L << 20, 64, 50, Duration.ofSeconds(30), Duration.ofSeconds(8));
    }

    /**
     * Sets the largest upload.
     *
     * @param bytes at least 1
     * @return new limits
     */
    public Limits withUploadBytes(long bytes) {
        return new Limits(bytes, requests, maps, requestTime, stopTime);
    }

    /**
     * Sets the number of requests at the same time.
     *
     * @param count at least 1
     * @return new limits
     */
    public Limits withRequests(int count) {
        return new Limits(uploadBytes, count, maps, requestTime, stopTime);
    }

    /**
     * Sets the time of a request.
     *
     * @param time at least a millisecond
     * @return new limits
     */
    public Limits withRequestTime(Duration time) {
        return new Limits(uploadBytes, requests, maps, time, stopTime);
    }

    /**
     * Sets the time that requests get to end.
     *
     * @param time not negative
     * @return new limits
     */
    public Limits withStopTime(Duration time) {
        return new Limits(uploadBytes, requests, maps, requestTime, time);
    }
}
