package org.cam4j.engine.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.PixelBatch;
import org.cam4j.plan.operation.Shape;

/** Images of bytes for {@link GpuBenchmark}: whether the GPU samples them to Java's bits. */
final class PixelBenchmark {

    private final CudaEngine engine;
    private final Shape shape;
    private final float[] classWeights;

    PixelBenchmark(CudaEngine engine, Shape shape, float[] classWeights) {
        this.engine = engine;
        this.shape = shape;
        this.classWeights = classWeights;
    }

    /** Every second image lies between four bytes a value, the others are bytes of the network's size. */
    PixelBatch images(int count) {
        Random random = new Random(5);
        List<PixelBatch.Image> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isWhole = i % 2 == 1;
            int height = isWhole ? shape.height() : 2 * shape.height();
            int width = isWhole ? shape.width() : 2 * shape.width();
            byte[] bytes = new byte[height * width * shape.channels()];
            random.nextBytes(bytes);
            images.add(new PixelBatch.Image(
                    bytes,
                    width,
                    isWhole ? PixelBatch.Axis.whole(height) : halved(random, shape.height()),
                    isWhole ? PixelBatch.Axis.whole(width) : halved(random, shape.width()),
                    numbers(random, 0.02f),
                    numbers(random, -2)));
        }
        return new PixelBatch(images, shape);
    }

    private float[] numbers(Random random, float around) {
        float[] numbers = new float[shape.channels()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = around * (1 + random.nextFloat());
        }
        return numbers;
    }

    private static PixelBatch.Axis halved(Random random, int length) {
        float[] weights = new float[length];
        for (int i = 0; i < length; i++) {
            weights[i] = random.nextFloat();
        }
        return new PixelBatch.Axis(
                0,
                IntStream.range(0, length).map(i -> 2 * i).toArray(),
                IntStream.range(0, length).map(i -> 2 * i + 1).toArray(),
                weights);
    }

    /** Whether maps of bytes have the bits of maps of the numbers that Java samples. */
    boolean hasBitsOfJava(int count) {
        PixelBatch bytes = images(count);
        ClassMaps found = engine.maps(bytes, classWeights);
        ClassMaps expected = engine.maps(Batch.of(bytes.numbers(), shape), classWeights);
        return Arrays.equals(found.logits(), expected.logits()) && Arrays.equals(found.pixels(), expected.pixels());
    }
}
