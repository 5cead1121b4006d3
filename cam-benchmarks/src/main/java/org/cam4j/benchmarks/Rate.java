package org.cam4j.benchmarks;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
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

    static Map<String, String> options(String... arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    static boolean isPhoto(Path file) {
        return file.toString().endsWith(".jpg");
    }

    static void start(String[] arguments) throws IOException {
        Map<String, String> options = options(arguments);
        Duration time = Duration.ofSeconds(Long.parseLong(options.get("--seconds")));
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(options.get("--photos")))) {
            files = all.filter(Rate::isPhoto).sorted().toList();
        }
        List<BufferedImage> decoded =
                files.stream().map(PhotoReader.standard()::read).toList();
        List<BufferedImage> eight = IntStream.range(0, 8)
                .mapToObj(i -> decoded.get(i % decoded.size()))
                .toList();
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(Path.of(options.get("--model"))).build()) {
            // Twice: the first round is the compiler's.
            for (int round = 0; round < 2; round++) {
                print("files to JSON", time, files.size(), () -> throughFiles(mapper, files));
                print("decoded, one by one", time, decoded.size(), () -> decoded.forEach(mapper::explain));
                print("decoded, from four threads", time, 4 * decoded.size(), () -> fromFour(mapper, decoded));
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

    private static void fromFour(ClassActivationMapper mapper, List<BufferedImage> photos) {
        List<Thread> threads = Stream.generate(() -> new Thread(() -> photos.forEach(mapper::explain)))
                .limit(4)
                .toList();
        threads.forEach(Thread::start);
        threads.forEach(Rate::join);
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
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
