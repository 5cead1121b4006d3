package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.cam4j.plan.operation.Shape;
import org.cam4j.testing.Npz;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Raw maps of six networks against those of pytorch-grad-cam and torch-cam; see the resources' README. */
class RecordedMapsTest {

    private static final List<String> NETWORKS = List.of(
            "mobilenetv2_ts11",
            "resnet_bottleneck_ts13",
            "squeezenet_ts13",
            "vgg_fc_ts17",
            "vgg_gap_ts13_open",
            "vit_token_ts17");

    private static final Map<String, String> METHODS = Map.of(
            "gradcam", "grad-cam",
            "gradcam++", "grad-cam++:pytorch-grad-cam",
            "gradcam++_torchcam", "grad-cam++:torch-cam",
            "xgradcam", "xgrad-cam:pytorch-grad-cam",
            "hirescam", "hires-cam",
            "layercam", "layer-cam",
            "gradcam_elementwise", "elementwise-grad-cam",
            "eigengradcam", "eigen-grad-cam",
            "eigencam", "eigen-cam:pytorch-grad-cam",
            "kpca_cam", "kpca-cam");

    private static final double BOUND = 1e-4;

    /** What single precision leaves of a sum of products that cancel, as a share of the sum of their sizes. */
    private static final double CANCELLED = 1e-6;

    private static Stream<String> networks() {
        return NETWORKS.stream();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void rawMapsAreThoseOfTheLibraries(String network) {
        Npz npz = Npz.read("/explain/" + network + ".npz");
        List<String> wrong = new ArrayList<>();
        int compared = 0;
        for (int photo = 0; photo < 2; photo++) {
            RecordedImage image = new RecordedImage(npz, photo);
            for (int c = 0; c < 2; c++) {
                Target target = Target.logit(image.classIndex(c));
                for (String layer : List.of("last", "inner")) {
                    for (Map.Entry<String, String> method : METHODS.entrySet()) {
                        Npz.Array maps = npz.get(layer + "." + method.getKey());
                        float[] expected = (maps.shape().length == 4 ? maps.at(c) : maps)
                                .at(photo)
                                .values();
                        float[] found = Methods.named(method.getValue(), List.of(layer))
                                .map(image, target)
                                .values();
                        double allowed = bound(network, layer, method.getKey()) * length(expected)
                                + CANCELLED * length(sizes(image, layer, target));
                        if (!(distance(found, expected) <= allowed)) {
                            wrong.add(method.getValue() + " at " + layer + ": " + distance(found, expected) + " > "
                                    + allowed);
                        }
                        compared++;
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(compared).isEqualTo(80);
    }

    /**
     * Returns the share of a map by which it may differ. Activations at MobileNetV2's inner layer are negative, so that denominators of
     * Grad-CAM++ come near 0: from the same gradients in single precision its formula in double precision gives maps 2e-4 apart.
     */
    private static double bound(String network, String layer, String method) {
        boolean isNearPole = network.startsWith("mobilenetv2") && layer.equals("inner") && method.equals("gradcam++");
        return isNearPole ? 3e-4 : BOUND;
    }

    /** Returns {@code Σ_k |G_k A_k|} of each cell. */
    private static float[] sizes(RecordedImage image, String layer, Target target) {
        LayerActivations a = image.activations(layer);
        float[] weights = Gradients.of(image, layer, target).clone();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.abs(weights[i]) * Math.signum(a.values()[i]);
        }
        return a.weightedSum(weights).values();
    }

    private static double length(float[] values) {
        return distance(values, new float[values.length]);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    /** A photo whose activations and gradients are known, for weights of the two recorded classes. */
    private static final class RecordedImage implements ExplainedImage {

        private final Npz npz;
        private final int photo;
        private final Map<String, LayerActivations> activations = new HashMap<>();

        RecordedImage(Npz npz, int photo) {
            this.npz = npz;
            this.photo = photo;
        }

        int classIndex(int index) {
            return (int) npz.get("classes").values()[index];
        }

        @Override
        public float[] logits() {
            return npz.get("logits").at(photo).values();
        }

        @Override
        public LayerActivations activations(String layer) {
            return activations.computeIfAbsent(layer, name -> {
                Npz.Array values = npz.get(name + ".activation").at(photo);
                return new LayerActivations(
                        name, values.shape()[0], values.shape()[1], values.shape()[2], values.values());
            });
        }

        @Override
        public float[] gradient(String layer, float[] seed) {
            float[] sum = new float[activations(layer).values().length];
            for (int c = 0; c < 2; c++) {
                float weight = seed[classIndex(c)];
                float[] gradient = npz.get(layer + ".gradient").at(c).at(photo).values();
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += weight * gradient[i];
                }
            }
            return sum;
        }

        @Override
        public Shape shape() {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[] values() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ExplainedImage with(float[] values) {
            throw new UnsupportedOperationException();
        }

        @Override
        public BiasTerms biasTerms(float[] seed) {
            throw new UnsupportedOperationException("no walk through the whole network");
        }

        @Override
        public HeldGradient heldGradient(String layer, float[] seed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[][] gradientsFrom(String layer, int count, IntFunction<float[]> other, float[] seed) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[][] imageGradients(int count, IntFunction<float[]> image, Target target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[][] logits(int count, IntFunction<float[]> image) {
            throw new UnsupportedOperationException();
        }

        @Override
        public float[][] logitsFrom(String layer, int count, IntFunction<float[]> other) {
            throw new UnsupportedOperationException();
        }
    }
}
