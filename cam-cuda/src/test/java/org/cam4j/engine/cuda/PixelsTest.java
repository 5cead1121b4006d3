package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cam4j.engine.Batch;
import org.cam4j.engine.PixelBatch;
import org.cam4j.engine.Values;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Photos that go to the stand-in's GPU as bytes and are sampled there, against the floats that Java makes of them. */
class PixelsTest {

    private static final int[][] PHOTOS = {{61, 43}, {62, 44}, {7, 90}, {11, 13}, {5, 3}, {1, 1}, {200, 33}};

    private final InferencePlan plan = TestPlans.classifier(false);

    @BeforeAll
    static void requireLibraries() {
        StandIn.require();
    }

    static BufferedImage photo(int width, int height) {
        Random random = new Random(width * 1000L + height);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt(1 << 24));
            }
        }
        return image;
    }

    /** So many photos of all sizes in one batch. */
    static PixelBatch pixels(InferencePlan plan, Interpolation interpolation, Fit fit, int count) {
        List<PixelBatch> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Preprocessing preprocessing = i % 2 == 0 ? Preprocessing.TORCH : Preprocessing.CAFFE;
            ImagePreparation preparation = new ImagePreparation(
                    plan.input().height(), plan.input().width(), 3, preprocessing, interpolation, fit);
            int[] size = PHOTOS[i % PHOTOS.length];
            all.add(preparation.pixels(DecodedPhoto.of(photo(size[0], size[1]))).orElseThrow());
        }
        return PixelBatch.joined(all);
    }

    @ParameterizedTest
    @EnumSource(Interpolation.class)
    void sampledImagesHaveTheBitsOfJava(Interpolation interpolation) throws Exception {
        InferencePlan image = plan.withOutputs(Map.of("image", InferencePlan.INPUT));
        try (CudaEngine engine = CudaEngine.start(image, CudaSettings.standard())) {
            for (Fit fit : new Fit[] {Fit.SQUASH, Fit.CENTER_CROP, Fit.LETTERBOX}) {
                for (int count : new int[] {1, 6, 37}) {
                    PixelBatch batch = pixels(image, interpolation, fit, count);

                    float[] found = engine.run(batch, Set.of("image")).host("image");

                    assertThat(found).as("%s, %s photos", fit, count).containsExactly(batch.numbers());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void bytesAndFloatsOfAnImageGiveTheSameBits(Precision precision) throws Exception {
        PixelBatch bytes = pixels(plan, Interpolation.BILINEAR, Fit.LETTERBOX, 7);
        Batch floats = Batch.of(bytes.numbers(), plan.input());
        Set<String> both = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard().withPrecision(precision))) {
            assertThat(engine.takesPixels()).isTrue();
            Values expected = engine.run(floats, both);
            ClassMaps maps = engine.maps(floats, TestPlans.head());
            // In turns: both ways fill the same memory.
            for (int run = 0; run < 2; run++) {
                Values found = engine.run(bytes, both);

                for (String output : both) {
                    assertThat(found.host(output)).as(output).containsExactly(expected.host(output));
                }
                assertThat(engine.maps(bytes, TestPlans.head()).pixels()).containsExactly(maps.pixels());
                assertThat(engine.run(floats, both).host(InferencePlan.LOGITS))
                        .containsExactly(expected.host(InferencePlan.LOGITS));
            }
        }
    }

    @Test
    void callsOfBytesAndOfFloatsAreRunTogether() throws Exception {
        InferencePlan image = plan.withOutputs(Map.of("image", InferencePlan.INPUT));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (CudaEngine engine = CudaEngine.start(image, CudaSettings.standard().joining())) {
            PixelBatch all = pixels(image, Interpolation.LANCZOS, Fit.SQUASH, 24);
            List<Future<float[]>> found = new ArrayList<>();
            List<PixelBatch> each = all.images().stream()
                    .map(one -> new PixelBatch(List.of(one), image.input()))
                    .toList();
            for (int i = 0; i < each.size(); i++) {
                Batch one = i % 3 == 0 ? Batch.of(each.get(i).numbers(), image.input()) : each.get(i);
                found.add(threads.submit(() -> engine.run(one, Set.of("image")).host("image")));
            }
            for (int i = 0; i < each.size(); i++) {
                assertThat(found.get(i).get()).containsExactly(each.get(i).numbers());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void bytesOfAnotherSizeAreRefused() throws Exception {
        PixelBatch other = pixels(TestPlans.denseBlock(3), Interpolation.NEAREST, Fit.SQUASH, 1);
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard())) {
            assertThatThrownBy(() -> engine.run(other, Set.of(InferencePlan.LOGITS)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("images of 9x8x3 for a network of 13x11x3");
        }
    }
}
