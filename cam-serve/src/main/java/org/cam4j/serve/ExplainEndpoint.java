package org.cam4j.serve;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** {@code POST /explain}: takes a place, receives the photo, waits for a worker, and answers in time. */
final class ExplainEndpoint {

    static final String PATH = "/explain";

    private final Map<String, ServedModel> models;
    private final Limits limits;
    private final Admission admission;
    private final PhotoWork work;
    private final Metrics metrics;

    ExplainEndpoint(
            Map<String, ServedModel> models, Limits limits, Admission admission, PhotoWork work, Metrics metrics) {
        this.models = models;
        this.limits = limits;
        this.admission = admission;
        this.work = work;
        this.metrics = metrics;
    }

    /**
     * Answers now or later.
     *
     * @throws Problem if the request is refused before its body is read
     */
    void handle(Request request, Response response, Callback callback) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (!Form.isReadable(type)) {
            throw new Problem(
                    415,
                    "Unsupported media type",
                    "a photo comes as a form (multipart/form-data, part 'photo') or as the body itself (image/jpeg, ... or"
                            + " application/octet-stream): set Content-Type.");
        }
        long length = request.getLength();
        if (length > limits.uploadBytes()) {
            throw Problem.tooLarge(limits.uploadBytes());
        }
        Fields query = query(request);
        Optional<Admission.Place> place = admission.enter(length < 0 ? limits.uploadBytes() : length);
        if (place.isEmpty()) {
            refuse(request, response, callback);
            return;
        }
        receive(request, response, callback, type, query, place.get());
    }

    private static Fields query(Request request) {
        try {
            // Jetty's failures are of both kinds, for encodings that are wrong and for names that are too many.
            return Request.extractQueryParameters(request);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw Problem.badRequest("the query of the address is damaged: escape its parameters (%xx, UTF-8).");
        }
    }

    /**
     * Refuses when the body has come, because many clients read no answer before they have sent all; a body that does not end is not waited
     * for beyond the time of a request.
     */
    private void refuse(Request request, Response response, Callback callback) {
        boolean isStopping = admission.isClosed();
        Problem problem = isStopping ? Problem.stopping() : Problem.busy(work.retrySeconds(admission.taken()));
        AtomicReference<Future<?>> deadline = new AtomicReference<>();
        PendingAnswer pending = new PendingAnswer(response, callback, status -> metrics.answered(PATH, status), () -> {
            Optional.ofNullable(deadline.get()).ifPresent(clock -> clock.cancel(false));
        });
        pending.workEnded();
        if (!isStopping) {
            deadline.set(work.later(
                    () -> pending.give(problem.answer()), limits.requestTime().toMillis()));
        }
        Content.Source.consumeAll(request, Callback.from(() -> pending.give(problem.answer()), pending::fail));
    }

    private void receive(
            Request request, Response response, Callback callback, String type, Fields query, Admission.Place place) {
        AtomicReference<Future<?>> deadline = new AtomicReference<>();
        PendingAnswer pending = new PendingAnswer(response, callback, status -> metrics.answered(PATH, status), () -> {
            place.leave();
            Optional.ofNullable(deadline.get()).ifPresent(clock -> clock.cancel(false));
        });
        AtomicBoolean isReceived = new AtomicBoolean();
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        deadline.set(work.later(
                () -> {
                    boolean wasLate = isReceived.compareAndSet(false, true);
                    pending.give(late(wasLate).answer());
                    if (wasLate) {
                        pending.workEnded();
                    }
                    stop.get().run();
                },
                limits.requestTime().toMillis()));
        request.addFailureListener(failure -> {
            // Photos of clients that are gone are not worked on.
            pending.fail(failure);
            stop.get().run();
        });
        Upload.read(request, limits.uploadBytes(), (body, failure) -> {
            if (!isReceived.compareAndSet(false, true)) {
                return;
            }
            if (failure == null) {
                stop.set(work.submit(() -> answer(body, type, query), pending));
                return;
            }
            if (failure instanceof Problem problem) {
                pending.give(problem.answer());
            } else {
                pending.fail(failure);
            }
            pending.workEnded();
        });
    }

    private Problem late(boolean isUpload) {
        return !isUpload
                ? new Problem(
                                503,
                                "Out of time",
                                "the photo was not explained within "
                                        + limits.requestTime().toMillis()
                                        + " ms: try again later, or ask for fewer maps or a faster method.")
                        .with("Retry-After", String.valueOf(work.retrySeconds(admission.taken())))
                : new Problem(
                        408,
                        "Request timeout",
                        "the photo did not arrive within "
                                + limits.requestTime().toMillis() + " ms: send it faster.");
    }

    private Answer answer(byte[] body, String type, Fields query) {
        Form form = Form.of(body, type, query);
        return PhotoAnswers.of(ExplainRequest.of(form.parameters(), models, limits.maps()), form.photo(), form.name());
    }
}
