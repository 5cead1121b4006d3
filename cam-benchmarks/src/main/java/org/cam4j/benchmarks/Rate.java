package org.cam4j.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.PhotoFolder;
import org.cam4j.PhotoResult;
import org.cam4j.explain.Cam;
import org.cam4j.image.PhotoReader;
import org.cam4j.render.json.ExplanationJson;

/**
 * Photos a second without a server, as {@link Load} measures them with one: files through {@code explainAll} to JSON; decoded photos one by
 * one from one and four threads, and eight at a time.
 */
final class Rate {

    private static final JsonFactory JSON = new JsonFactory();

    private Rate() {}

    static void start(String[] arguments) {
        Options options = Options.of(arguments);
        Duration time = Duration.ofSeconds(options.number("--seconds"));
        List<Path> files = PhotoFolder.list(options.path("--photos")).photos();
        List<BufferedImage> decoded =
                files.stream().map(PhotoReader.standard()::read).toList();
        List<BufferedImage> eight = IntStream.range(0, 8)
                .mapToObj(i -> decoded.get(i % decoded.size()))
                .toList();
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(options.path("--model")).build()) {
            // Twice: the first round is the compiler's.
            for (int round = 0; round < 2; round++) {
                print("files to JSON", time, files.size(), () -> throughFiles(mapper, files));
                print("decoded, one by one", time, decoded.size(), () -> decoded.forEach(mapper::explain));
                print(
                        "decoded, from four threads",
                        time,
                        4 * decoded.size(),
                        () -> Callers.run(4, () -> decoded.forEach(mapper::explain)));
                print("decoded, eight at a time", time, 8, () -> mapper.explain(eight));
            }
        }
    }

    private static void print(String what, Duration time, int photos, Runnable work) {
        long begun = System.nanoTime();
        int count = 0;
        while (System.nanoTime() - begun < time.toNanos()) {
            work.run();
            count += photos;
        }
        System.out.printf(Locale.ROOT, "%s: %.1f photos a second%n", what, count / ((System.nanoTime() - begun) / 1e9));
    }

    private static void throughFiles(ClassActivationMapper mapper, List<Path> files) {
        Consumer<PhotoResult> write = result -> {
            if (result instanceof PhotoResult.Explained explained) {
                write(explained.explanation());
            } else {
                throw new IllegalStateException(result.photo() + " failed");
            }
        };
        try (Stream<PhotoResult> results = mapper.explainAll(files.stream())) {
            results.forEach(write);
        }
    }

    private static void write(Explanation explanation) {
        try (JsonGenerator json = JSON.createGenerator(OutputStream.nullOutputStream())) {
            json.writeStartObject();
            ExplanationJson.write(
                    explanation, explanation.predictions(1), List.of(Cam.atTarget()), ExplanationJson.VALUES, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
