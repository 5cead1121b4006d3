package org.cam4j.benchmarks;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.image.ImageInput;
import org.cam4j.image.PhotoReader;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The steps from a photo to its overlay, on the demo's model and a photo of 640x426. Run from the top folder. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class MapBenchmark {

    /** Where the demo is. */
    @Param("cam-examples/demo")
    public String demo;

    private Path model;
    private Path file;
    private ClassActivationMapper mapper;
    private BufferedImage photo;
    private Explanation explanation;
    private ActivationMap map;

    /** Opens the model and explains the photo once. */
    @Setup
    public void open() {
        model = Path.of(demo, "efficientnet-lite0-imagenet.h5");
        file = Path.of(demo, "photos", "giant_panda.jpg");
        mapper = ClassActivationMapper.fromKeras(model).build();
        photo = PhotoReader.standard().read(file);
        explanation = mapper.explain(photo);
        map = explanation.map();
    }

    /** Frees the model. */
    @TearDown
    public void close() {
        mapper.close();
    }

    /** From the Keras file to a mapper that is ready. */
    @Benchmark
    public int build() {
        try (ClassActivationMapper built =
                ClassActivationMapper.fromKeras(model).build()) {
            return built.summary().classes();
        }
    }

    /** From the JPEG to pixels. */
    @Benchmark
    public BufferedImage decode() {
        return PhotoReader.standard().read(file);
    }

    /** From pixels to the network's input. */
    @Benchmark
    public ImageInput prepare() {
        return mapper.preparation().orElseThrow().prepare(photo);
    }

    /** From pixels to predictions. */
    @Benchmark
    public Explanation explain() {
        return mapper.explain(photo);
    }

    /** Photos a second of a single caller, to compare with the next. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    public Explanation oneCaller() {
        return mapper.explain(photo);
    }

    /** Photos a second of four callers together. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @Threads(4)
    public Explanation fourCallers() {
        return mapper.explain(photo);
    }

    /** The map of one more class. */
    @Benchmark
    public ActivationMap map() {
        return explanation.map(105);
    }

    /** To the photo's pixels. */
    @Benchmark
    public float[] upsample() {
        return map.upsampledArray();
    }

    /** The box of the object. */
    @Benchmark
    public BoundingBox box() {
        return Localizer.paper().box(map).orElseThrow();
    }

    /** The heat over the photo. */
    @Benchmark
    public BufferedImage overlay() {
        return Overlay.of(explanation, map).image();
    }
}
