package org.cam4j.serve;

import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one answer of a request: the first that is given is sent. Thread-safe. */
final class PendingAnswer {

    private static final Logger LOG = LoggerFactory.getLogger(PendingAnswer.class);

    private static final int RETRY_SECONDS = 10;

    private final Response response;
    private final Callback callback;
    private final IntConsumer onStatus;
    private final Runnable onEnd;
    private final AtomicBoolean given = new AtomicBoolean();
    /** The answer must be sent and the work ended. */
    private final AtomicInteger open = new AtomicInteger(2);

    /**
     * Waits for an answer.
     *
     * @param onStatus hears of the answer's status when it is given
     * @param onEnd runs once, when the answer is sent, or cannot be, and no work for it goes on
     */
    PendingAnswer(Response response, Callback callback, IntConsumer onStatus, Runnable onEnd) {
        this.response = response;
        this.callback = callback;
        this.onStatus = onStatus;
        this.onEnd = onEnd;
    }

    boolean isGiven() {
        return given.get();
    }

    /** Sends an answer; false if another one was first. */
    boolean give(Answer answer) {
        if (!given.compareAndSet(false, true)) {
            return false;
        }
        onStatus.accept(answer.status());
        answer.send(response, Callback.from(this::partEnded, callback));
        return true;
    }

    /** Sends what the work returns, or the problem that it throws. */
    void give(Supplier<Answer> work) {
        Answer answer;
        try {
            answer = work.get();
        } catch (Problem e) {
            answer = e.answer();
        } catch (CancellationException e) {
            answer = Problem.stopping().answer();
        } catch (OutOfMemoryError e) {
            answer = Problem.outOfMemory(RETRY_SECONDS).answer();
        } catch (RuntimeException | Error e) {
            answer = unexpected(e).answer();
        }
        give(answer);
    }

    /** A fault of the server's: the reason goes to its log, not to the sender. */
    static Problem unexpected(Throwable failure) {
        String id = UUID.randomUUID().toString();
        LOG.error("Request failed, {}", id, failure);
        return new Problem(500, "Server error", "the server failed: its log has the reason under " + id + ".");
    }

    /** Gives up: the connection is gone. */
    void fail(Throwable reason) {
        if (given.compareAndSet(false, true)) {
            onStatus.accept(499);
            Callback.from(this::partEnded, callback).failed(reason);
        }
    }

    /** Says that no work goes on, or never began. */
    void workEnded() {
        partEnded();
    }

    private void partEnded() {
        if (open.decrementAndGet() == 0) {
            onEnd.run();
        }
    }
}
