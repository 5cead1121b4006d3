package org.cam4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.cam4j.Activations;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.engine.Precision;
import org.cam4j.file.Npy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Answers {@code peers.py} and {@code onnx_models.py}: loads a model, then for each line on standard input does {@code forward} (activations and
 * scores) or {@code cam} (forward, the predicted class, its map, bilinear upsampling) and prints the seconds it took.
 */
final class Worker {

    private static final Duration WARM_UP = Duration.ofSeconds(5);

    private final ClassActivationMapper mapper;
    private final float[] numbers;
    private final InputTensor images;

    private Worker(ClassActivationMapper mapper, InputTensor image, int batch) {
        this.mapper = mapper;
        this.numbers = repeated(image.values(0), batch);
        this.images = InputTensor.of(numbers, batch, image.height(), image.width(), image.channels());
    }

    private static float[] repeated(float[] image, int times) {
        float[] batch = new float[times * image.length];
        for (int i = 0; i < times; i++) {
            System.arraycopy(image, 0, batch, i * image.length, image.length);
        }
        return batch;
    }

    static void start(String[] arguments) throws Exception {
        Options options = Options.of(arguments);
        InputTensor image = InputTensor.read(options.path("--input"));
        try (ClassActivationMapper mapper = ClassActivationMapper.from(options.path("--model"))
                .threads(options.number("--threads"))
                .precision(Precision.valueOf(options.values().getOrDefault("--precision", "FLOAT32")))
                .build()) {
            Worker worker = new Worker(mapper, image, options.number("--batch"));
            // ND4J's OpenMP threads end with the thread that they serve: an application that explains photos has none.
            ExecutorService apart = Executors.newSingleThreadExecutor();
            Path features = apart.submit(worker::features).get();
            apart.shutdown();
            worker.serve(features);
        }
    }

    private Path features() throws IOException {
        INDArray all = Nd4j.createFromArray(numbers)
                .reshape(images.count(), images.height(), images.width(), images.channels());
        Activations activations = mapper.activations(all);
        Path features = Files.createTempFile("features", ".npy");
        Npy.write(
                features,
                activations.features().dup('c').data().asFloat(),
                activations.count(),
                activations.height(),
                activations.width(),
                activations.channels());
        return features;
    }

    private void serve(Path features) throws IOException {
        System.out.println("FEATURES " + features);
        System.out.println("LAYER " + mapper.summary().features());
        // A running service is asked for; the compiler of a JVM needs seconds to be done.
        long warm = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < warm) {
            run("forward");
            run("cam");
        }
        System.out.println("READY forward cam");
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String mode = requests.readLine(); mode != null; mode = requests.readLine()) {
            long start = System.nanoTime();
            run(mode.strip());
            System.out.printf(Locale.ROOT, "%.6f%n", (System.nanoTime() - start) / 1e9);
        }
        Files.delete(features);
    }

    private void run(String mode) {
        for (Explanation explanation : mapper.explain(images)) {
            if (mode.equals("cam")) {
                explanation.map().upsampledArray();
            }
        }
    }
}
