package org.cam4j.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.BiFunction;
import org.apache.spark.sql.Row;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;
import org.cam4j.image.PhotoReader;

/**
 * One partition's photos, explained as they are asked for: at most two batches are in memory.
 *
 * <p>A photo that cannot be read or explained is an invalid photo. Any other failure is the task's.
 *
 * @param <P> a photo as it comes in
 * @param <R> a row as it goes out
 */
final class ExplainedPhotos<P, R> implements Iterator<R> {

    private final PhotoBatches<P> batches;
    private final BiFunction<P, Row, R> output;
    private final ClassActivationMapper mapper;
    private final CamSettings settings;
    private final CamProgress progress;
    private final int[] classes;
    private final Deque<R> ready = new ArrayDeque<>();

    /**
     * Creates an iterator; nothing is read yet.
     *
     * @param output joins a photo and its struct
     */
    ExplainedPhotos(
            Iterator<P> source,
            PhotoBatches.Reading<P> reading,
            BiFunction<P, Row, R> output,
            ClassActivationMapper mapper,
            CamSettings settings,
            CamProgress progress) {
        this.batches = new PhotoBatches<>(source, reading, reader(mapper, settings), settings.batchSize());
        this.output = output;
        this.mapper = mapper;
        this.settings = settings;
        this.progress = progress;
        this.classes = ClassNames.indices(settings.classes(), mapper.labels());
    }

    /**
     * Keeps of large photos the pixels that the network sees, unless pictures are drawn in their size, or a batch needs them whole.
     */
    private static PhotoReader reader(ClassActivationMapper mapper, CamSettings settings) {
        PhotoReader reader = mapper.photoReader().withMaxPixels(settings.maxPixels());
        return settings.batchSize() > 1 || settings.mapFormat() == MapFormat.OVERLAY
                ? reader
                : reader.keepingOnly(mapper.preparation().orElseThrow(), List.of());
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty() && batches.hasNext()) {
            List<PhotoBatches.Photo<P>> batch = batches.next();
            Map<PhotoBatches.Photo<P>, Explanation> explanations = explained(
                    batch.stream().filter(photo -> photo.refused() == null).toList());
            batch.forEach(photo -> finish(photo, explanations.get(photo)));
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

    /** Explains the photos in one run of the network; one by one if it refuses one of them. */
    private Map<PhotoBatches.Photo<P>, Explanation> explained(List<PhotoBatches.Photo<P>> batch) {
        Map<PhotoBatches.Photo<P>, Explanation> explanations = new HashMap<>();
        if (batch.size() > 1) {
            long start = System.nanoTime();
            try {
                List<Explanation> together = mapper.explain(
                        batch.stream().map(photo -> photo.decoded().image()).toList());
                for (int i = 0; i < batch.size(); i++) {
                    explanations.put(batch.get(i), together.get(i));
                }
            } catch (PhotoException e) {
                // Which photo is at fault is found below.
            }
            long took = System.nanoTime() - start;
            progress.countNetwork(took);
            if (!explanations.isEmpty()) {
                batch.forEach(photo -> photo.addTime(took / batch.size()));
                return explanations;
            }
        }
        for (PhotoBatches.Photo<P> photo : batch) {
            long before = photo.nanoseconds();
            photo.timed(() -> explanations.put(photo, mapper.explain(photo.decoded(), photo.name())));
            progress.countNetwork(photo.nanoseconds() - before);
        }
        return explanations;
    }

    private void finish(PhotoBatches.Photo<P> photo, Explanation explanation) {
        ExplanationRow.Explained[] explained = {null};
        if (explanation != null) {
            photo.timed(() -> explained[0] = ExplanationRow.of(explanation, chosen(explanation), settings));
        }
        progress.countPhoto(photo.refused() != null);
        double milliseconds = photo.nanoseconds() / 1e6;
        if (photo.refused() == null) {
            ready.add(output.apply(photo.from(), explained[0].row(milliseconds)));
            return;
        }
        String reason = named(photo);
        switch (settings.invalid()) {
            case ERROR -> throw new PhotoException(reason, photo.refused());
            case KEEP -> ready.add(output.apply(photo.from(), ExplanationRow.failed(reason, milliseconds)));
            case SKIP -> {
                // Counted above; no row.
            }
        }
    }

    /** The message, with the photo's name in any case. */
    private static String named(PhotoBatches.Photo<?> photo) {
        String message = photo.refused().getMessage();
        return message.contains(photo.name()) ? message : "photo " + Quoted.of(photo.name()) + ": " + message;
    }

    private int[] chosen(Explanation explanation) {
        return classes.length > 0
                ? classes
                : explanation.predictions(settings.topK()).stream()
                        .mapToInt(Prediction::index)
                        .toArray();
    }
}
