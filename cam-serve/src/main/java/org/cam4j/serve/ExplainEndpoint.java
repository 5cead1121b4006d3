package org.cam4j.serve;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.cam4j.exception.PhotoException;
import org.cam4j.image.PhotoMemory;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** {@code POST /explain}: takes a place, receives the photo, waits for a worker, and answers in time. */
final class ExplainEndpoint {

    static final String PATH = "/explain";

    /** Bodies of other requests that have less than this part of the heap are not why a photo did not fit. */
    private static final long FEW = 10;

    private final Map<String, ServedModel> models;
    private final Limits limits;
    private final Admission admission;
    private final Connections connections;
    private final PhotoWork work;
    private final Metrics metrics;
    private final PhotoMemory memory = PhotoMemory.ofHeap();

    ExplainEndpoint(
            Map<String, ServedModel> models,
            Limits limits,
            Admission admission,
            Connections connections,
            PhotoWork work,
            Metrics metrics) {
        this.models = models;
        this.limits = limits;
        this.admission = admission;
        this.connections = connections;
        this.work = work;
        this.metrics = metrics;
    }

    /**
     * Answers now or later.
     *
     * @throws Problem to be given to {@link #refuse}, before the body is read
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
            throw admission.isClosed() ? Problem.stopping() : Problem.busy(work.retrySeconds(admission.taken()));
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
     * Refuses a request when its body has come: many clients read no answer before they have sent all, and would lose it with a connection
     * that is reset. A body that does not end is not waited for beyond the time of a request.
     */
    void refuse(Request request, Response response, Callback callback, Problem problem) {
        AtomicReference<Future<?>> deadline = new AtomicReference<>();
        PendingAnswer pending = new PendingAnswer(response, callback, status -> metrics.answered(PATH, status), () -> {
            Optional.ofNullable(deadline.get()).ifPresent(clock -> clock.cancel(false));
        });
        pending.workEnded();
        if (!admission.isClosed()) {
            deadline.set(work.later(
                    () -> pending.give(problem.answer()), limits.requestTime().toMillis()));
        }
        Content.Source.consumeAll(request, Callback.from(() -> pending.give(problem.answer()), pending::fail));
    }

    private void receive(
            Request request, Response response, Callback callback, String type, Fields query, Admission.Place place) {
        connections.begin(request);
        AtomicReference<Future<?>> deadline = new AtomicReference<>();
        PendingAnswer pending = new PendingAnswer(
                response,
                callback,
                status -> {
                    metrics.answered(PATH, status);
                    place.awaitClient(() -> Connections.endPoint(request).close());
                },
                () -> {
                    place.leave();
                    connections.end(request);
                    Optional.ofNullable(deadline.get()).ifPresent(clock -> clock.cancel(false));
                });
        AtomicBoolean isReceived = new AtomicBoolean();
        AtomicReference<Runnable> stop = new AtomicReference<>(() -> {});
        Runnable endUpload = () -> {
            if (isReceived.compareAndSet(false, true)) {
                pending.give((admission.isClosed() ? Problem.stopping() : lateUpload()).answer());
                pending.workEnded();
            }
        };
        place.awaitClient(endUpload);
        deadline.set(work.later(
                () -> {
                    endUpload.run();
                    pending.give(lateWork().answer());
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
                place.serve();
                stop.set(work.submit(() -> answer(body, type, query, place), pending));
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

    private Problem lateWork() {
        return new Problem(
                        503,
                        "Out of time",
                        "the photo was not explained within "
                                + limits.requestTime().toMillis()
                                + " ms: try again later, or ask for fewer maps or a faster method.")
                .with("Retry-After", String.valueOf(work.retrySeconds(admission.taken())));
    }

    private Problem lateUpload() {
        return new Problem(
                408,
                "Request timeout",
                "the photo did not arrive within " + limits.requestTime().toMillis()
                        + " ms, or within a sixth of it while other photos waited for its place: send it faster.");
    }

    private Answer answer(byte[] body, String type, Fields query, Admission.Place place) {
        try {
            Form form = Form.of(body, type, query);
            ExplainRequest asked = ExplainRequest.of(form.parameters(), models, limits.maps());
            return PhotoAnswers.of(asked, form.photo(), form.name(), memory);
        } catch (PhotoException | OutOfMemoryError e) {
            // The second try was without other photos; the bodies of other requests were beside it.
            throw place.bytesOfOthers() * FEW > Runtime.getRuntime().maxMemory()
                    ? Problem.outOfMemory(work.retrySeconds(admission.taken()))
                    : Problem.tooLargeForMemory();
        }
    }
}
