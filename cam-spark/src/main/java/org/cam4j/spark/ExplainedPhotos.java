package org.cam4j.spark;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;
import org.cam4j.image.DecodedPhoto;

/**
 * One partition's photos, explained as they are asked for: at most {@code batchSize} are in memory.
 *
 * <p>A photo that cannot be read or explained is an invalid photo. Any other failure is the task's.
 *
 * @param <P> a photo as it comes in
 * @param <R> a row as it goes out
 */
final class ExplainedPhotos<P, R> implements Iterator<R> {

    private final Iterator<P> source;
    private final Reading<P> reading;
    private final BiFunction<P, Row, R> output;
    private final ClassActivationMapper mapper;
    private final CamSettings settings;
    private final CamProgress progress;
    private final int[] classes;
    private final Deque<R> ready = new ArrayDeque<>();

    /**
     * How photos are read.
     *
     * @param name what messages call a photo
     * @param photo decodes a photo; throws {@link PhotoException}
     * @param <P> a photo as it comes in
     */
    record Reading<P>(Function<P, String> name, BiFunction<P, String, DecodedPhoto> photo) {}

    /** A photo of the batch: decoded, or refused. */
    private static final class Photo<P> {
        private final P from;
        private final String name;
        private DecodedPhoto decoded;
        private PhotoException refused;
        private Explanation explanation;
        private long nanoseconds;

        private Photo(P from, String name) {
            this.from = from;
            this.name = name;
        }
    }

    /**
     * Creates an iterator; nothing is read yet.
     *
     * @param output joins a photo and its struct
     */
    ExplainedPhotos(
            Iterator<P> source,
            Reading<P> reading,
            BiFunction<P, Row, R> output,
            ClassActivationMapper mapper,
            CamSettings settings,
            CamProgress progress) {
        this.source = source;
        this.reading = reading;
        this.output = output;
        this.mapper = mapper;
        this.settings = settings;
        this.progress = progress;
        this.classes = ClassNames.indices(settings.classes(), mapper.labels());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && source.hasNext()) {
            List<Photo<P>> batch = batch();
            run(batch.stream().filter(photo -> photo.decoded != null).toList());
            batch.forEach(this::finish);
        }
        return !ready.isEmpty();
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the partition has no more photos");
        }
        return ready.remove();
    }

    private List<Photo<P>> batch() {
        List<Photo<P>> batch = new ArrayList<>();
        while (batch.size() < settings.batchSize() && source.hasNext()) {
            P next = source.next();
            Photo<P> photo = new Photo<>(next, reading.name().apply(next));
            timed(photo, () -> photo.decoded = reading.photo().apply(next, photo.name));
            batch.add(photo);
        }
        return batch;
    }

    /** Runs a step for a photo; a refusal is kept with it. */
    private static void timed(Photo<?> photo, Runnable step) {
        long start = System.nanoTime();
        try {
            step.run();
        } catch (PhotoException e) {
            photo.refused = e;
        } finally {
            photo.nanoseconds += System.nanoTime() - start;
        }
    }

    /** Explains the photos in one run of the network; one by one if it refuses one of them. */
    private void run(List<Photo<P>> batch) {
        long start = System.nanoTime();
        try {
            if (batch.size() > 1) {
                List<Explanation> explanations = mapper.explain(
                        batch.stream().map(photo -> photo.decoded.image()).toList());
                long each = (System.nanoTime() - start) / batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    batch.get(i).explanation = explanations.get(i);
                    batch.get(i).nanoseconds += each;
                }
                return;
            }
        } catch (PhotoException e) {
            // Which photo is at fault is found below.
        } finally {
            progress.countNetwork(batch.size() > 1 ? System.nanoTime() - start : 0);
        }
        for (Photo<P> photo : batch) {
            long before = photo.nanoseconds;
            timed(photo, () -> photo.explanation = mapper.explain(photo.decoded, photo.name));
            progress.countNetwork(photo.nanoseconds - before);
        }
    }

    private void finish(Photo<P> photo) {
        ExplanationRow.Explained[] explained = {null};
        if (photo.explanation != null) {
            timed(
                    photo,
                    () -> explained[0] = ExplanationRow.of(photo.explanation, chosen(photo.explanation), settings));
        }
        progress.countPhoto(photo.refused != null);
        double milliseconds = photo.nanoseconds / 1e6;
        if (photo.refused == null) {
            ready.add(output.apply(photo.from, explained[0].row(milliseconds)));
            return;
        }
        String reason = named(photo);
        switch (settings.invalid()) {
            case ERROR -> throw new PhotoException(reason, photo.refused);
            case KEEP -> ready.add(output.apply(photo.from, ExplanationRow.failed(reason, milliseconds)));
            case SKIP -> {
                // Counted above; no row.
            }
        }
    }

    /** The message, with the photo's name in any case. */
    private static String named(Photo<?> photo) {
        String message = photo.refused.getMessage();
        return message.contains(photo.name) ? message : "photo " + Quoted.of(photo.name) + ": " + message;
    }

    private int[] chosen(Explanation explanation) {
        return classes.length > 0
                ? classes
                : explanation.predictions(settings.topK()).stream()
                        .mapToInt(Prediction::index)
                        .toArray();
    }
}
