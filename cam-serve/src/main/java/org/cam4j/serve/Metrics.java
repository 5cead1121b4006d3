package org.cam4j.serve;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counts requests and times, and writes them as Prometheus reads them (text format 0.0.4). Thread-safe. */
final class Metrics {

    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Upper ends in seconds. */
    private static final double[] BUCKETS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    private static final double NANOS = 1e9;

    private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
    private final Map<String, Times> times = new ConcurrentHashMap<>(Map.of("queue", new Times(), "work", new Times()));
    private final IntSupplier underWay;

    /** A histogram of times. */
    private static final class Times {

        private final LongAdder[] counts = new LongAdder[BUCKETS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Times() {
            for (int i = 0; i < counts.length; i++) {
                counts[i] = new LongAdder();
            }
        }

        void add(long took) {
            int bucket = 0;
            while (bucket < BUCKETS.length && took > BUCKETS[bucket] * NANOS) {
                bucket++;
            }
            counts[bucket].increment();
            nanos.add(took);
        }

        long count() {
            long count = 0;
            for (LongAdder bucket : counts) {
                count += bucket.sum();
            }
            return count;
        }
    }

    /**
     * Creates counters at zero.
     *
     * @param underWay tells how many photos are received, waiting or worked on
     */
    Metrics(IntSupplier underWay) {
        this.underWay = underWay;
    }

    /** Counts an answer. */
    void answered(String path, int status) {
        requests.computeIfAbsent("path=\"" + path + "\",status=\"" + status + "\"", missing -> new LongAdder())
                .increment();
    }

    /** Adds the time that a photo waited for its turn and that its work took. */
    void worked(long waitedNanos, long workedNanos) {
        times.get("queue").add(waitedNanos);
        times.get("work").add(workedNanos);
    }

    /** The mean time of a photo's work; 0 before the first. */
    double meanWorkSeconds() {
        Times work = times.get("work");
        long count = work.count();
        return count == 0 ? 0 : work.nanos.sum() / NANOS / count;
    }

    /** All numbers. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("# HELP cam4j_requests_total Answered requests.\n# TYPE cam4j_requests_total counter\n");
        requests.forEach((labels, count) -> line(text, "cam4j_requests_total{" + labels + "}", count.sum()));
        histogram(text, "cam4j_queue_seconds", "How long photos waited for their turn.", times.get("queue"));
        histogram(text, "cam4j_work_seconds", "How long photos took to decode, explain and encode.", times.get("work"));
        gauge(text, "cam4j_requests_under_way", "Photos that are received, waiting or worked on.", underWay.getAsInt());
        Runtime java = Runtime.getRuntime();
        gauge(text, "cam4j_heap_bytes", "Java's heap in use.", java.totalMemory() - java.freeMemory());
        gauge(text, "cam4j_heap_limit_bytes", "Java's largest heap.", java.maxMemory());
        return text.toString();
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
        line(text, name, value);
    }

    private static void histogram(StringBuilder text, String name, String help, Times times) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" histogram\n");
        long below = 0;
        for (int i = 0; i < BUCKETS.length; i++) {
            below += times.counts[i].sum();
            line(text, String.format(Locale.ROOT, "%s_bucket{le=\"%s\"}", name, BUCKETS[i]), below);
        }
        below += times.counts[BUCKETS.length].sum();
        line(text, name + "_bucket{le=\"+Inf\"}", below);
        text.append(name).append("_sum ").append(times.nanos.sum() / NANOS).append('\n');
        line(text, name + "_count", below);
    }

    private static void line(StringBuilder text, String name, long value) {
        text.append(name).append(' ').append(value).append('\n');
    }
}
