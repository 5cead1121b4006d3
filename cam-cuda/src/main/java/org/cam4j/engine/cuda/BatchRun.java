package org.cam4j.engine.cuda;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Runs any number of images in batches, two at a time: while one is computed, the next is copied to the GPU and the one before it to the
 * host. Not thread-safe.
 */
final class BatchRun {

    private static final int MOST_AT_ONCE = 2;

    /** What is done with the images of one batch. */
    interface Work {

        /** Copies {@code count} images from image {@code first} on to the GPU and starts the network. */
        void start(Execution execution, int first, int count);

        /** Waits for the network and reads its results. */
        void finish(Execution execution, int first, int count);
    }

    private record Flight(Execution execution, int first, int count) {}

    private final Executions executions;
    private final Work work;
    private final Deque<Flight> flights = new ArrayDeque<>();

    BatchRun(Executions executions, Work work) {
        this.executions = executions;
        this.work = work;
    }

    /**
     * Runs images.
     *
     * @throws GpuFailure if a call of the libraries failed; with too little memory smaller batches have been tried
     */
    void run(int count) {
        try {
            int first = 0;
            while (first < count) {
                int size = executions.size(count - first);
                int some = Math.min(size, count - first);
                if (flights.size() < MOST_AT_ONCE && isStarted(size, first, some)) {
                    first += some;
                } else if (!flights.isEmpty()) {
                    finishOldest();
                }
            }
            while (!flights.isEmpty()) {
                finishOldest();
            }
        } finally {
            // After a failure alone.
            flights.forEach(flight -> executions.discard(flight.execution));
        }
    }

    /** False if the oldest batch must be finished first, or if a smaller one must be tried. */
    private boolean isStarted(int size, int first, int some) {
        try {
            Optional<Execution> execution =
                    flights.isEmpty() ? Optional.of(executions.take(size)) : executions.tryTake(size);
            execution.ifPresent(taken -> start(new Flight(taken, first, some)));
            return execution.isPresent();
        } catch (GpuFailure e) {
            boolean goesOn = e.isOutOfMemory() && (!flights.isEmpty() || executions.takesLess(size));
            if (!goesOn) {
                throw e;
            }
            return false;
        }
    }

    private void start(Flight flight) {
        try {
            work.start(flight.execution, flight.first, flight.count);
        } catch (RuntimeException | Error e) {
            // What it has allocated meanwhile would stay.
            executions.discard(flight.execution);
            throw e;
        }
        flights.add(flight);
    }

    private void finishOldest() {
        Flight flight = flights.element();
        work.finish(flight.execution, flight.first, flight.count);
        executions.give(flights.remove().execution);
    }
}
