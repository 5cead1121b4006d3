package org.cam4j.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Why a request gets no result, in words for its sender: RFC 9457's problem details. */
final class Problem extends RuntimeException {

    private static final String TYPE = "application/problem+json";

    private final int status;
    private final String title;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /**
     * Creates a problem.
     *
     * @param status of the answer
     * @param title the kind of problem
     * @param detail what was found, what was expected, what to do
     */
    Problem(int status, String title, String detail) {
        // Without a stack trace: the sender's mistake, not the program's.
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
    }

    static Problem badRequest(String detail) {
        return new Problem(400, "Bad request", detail);
    }

    static Problem notFound(String path) {
        return new Problem(404, "Not found", "there is nothing at " + path + ": see /openapi.json.");
    }

    static Problem tooLarge(long limit) {
        return new Problem(
                413,
                "Content too large",
                "the request's body has more than " + limit + " bytes: send a smaller photo.");
    }

    static Problem busy(long seconds) {
        return new Problem(429, "Too many requests", "the server has no room for a further photo: try again later.")
                .with("Retry-After", String.valueOf(seconds));
    }

    static Problem outOfMemory(long seconds) {
        return new Problem(
                        503,
                        "Out of memory",
                        "the server's memory has no room for this photo at the moment: try again later.")
                .with("Retry-After", String.valueOf(seconds));
    }

    /** For photos that did not fit although nothing else was in memory. */
    static Problem tooLargeForMemory() {
        return new Problem(
                422,
                "Photo not explained",
                "the photo, and what is asked of it, take more memory than the server's heap of "
                        + (Runtime.getRuntime().maxMemory() >> 20)
                        + " MB: send a smaller photo, or ask for fewer maps or format=json.");
    }

    static Problem stopping() {
        return new Problem(503, "Stopping", "the server is stopping: ask another one, or this one after its restart.")
                .with("Retry-After", "10");
    }

    Problem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    int status() {
        return status;
    }

    Answer answer() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", getMessage());
        return new Answer(status, TYPE, json.toString().getBytes(StandardCharsets.UTF_8), headers);
    }
}
