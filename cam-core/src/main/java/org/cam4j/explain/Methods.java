package org.cam4j.explain;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.cam4j.exception.Quoted;

/**
 * The methods by name, as the command line and files write them: {@code grad-cam}, {@code grad-cam++:pytorch-grad-cam},
 * {@code hires-cam:aug-smooth}.
 */
public final class Methods {

    private static final String AUGMENTED_THEN_EIGEN = Augmented.SUFFIX + EigenSmoothed.SUFFIX;

    private static final int RISE_MASKS = 4000;

    private static final int OCCLUSION_DIVISIONS = 7;

    private static final int GRADIENTS = 50;

    private static final Map<String, Function<String, ExplanationMethod>> AT_LAYER = atLayer();

    private static final Map<String, Supplier<ExplanationMethod>> OF_ATTENTION = ofAttention();

    private static final Map<String, Supplier<ExplanationMethod>> OF_IMAGE = ofImage();

    private Methods() {}

    private static Map<String, Function<String, ExplanationMethod>> atLayer() {
        Map<String, Function<String, ExplanationMethod>> methods = new LinkedHashMap<>();
        methods.put(Cam.NAME, Cam::at);
        methods.put(GradCam.NAME, GradCam::at);
        put(methods, GradCamPlusPlus.NAME, GradCamPlusPlus::new, Variant.values());
        put(methods, XGradCam.NAME, XGradCam::new, Variant.values());
        methods.put(HiResCam.NAME, HiResCam::at);
        put(methods, LayerCam.NAME, LayerCam::new, Variant.values());
        methods.put(ElementwiseGradCam.NAME, ElementwiseGradCam::at);
        put(methods, FinerCam.NAME, (layer, variant) -> FinerCam.at(layer).as(variant), Variant.values());
        methods.put(ShapleyCam.NAME, ShapleyCam::at);
        methods.put(ShapleyCam.NAME_ON_TARGET, layer -> ShapleyCam.at(layer).onGivenTarget());
        put(methods, EigenCam.NAME, EigenCam::new, Variant.AUTHORS, Variant.PYTORCH_GRAD_CAM);
        methods.put(EigenGradCam.NAME, EigenGradCam::at);
        methods.put(KpcaCam.NAME, KpcaCam::at);
        put(methods, ScoreCam.NAME, ScoreCam::new, Variant.values());
        put(methods, AblationCam.NAME, AblationCam::new, Variant.AUTHORS, Variant.PYTORCH_GRAD_CAM);
        methods.put(ReciproCam.NAME, ReciproCam::at);
        return methods;
    }

    private interface VariantAtLayer {
        ExplanationMethod at(String layer, Variant variant);
    }

    private static void put(
            Map<String, Function<String, ExplanationMethod>> methods,
            String name,
            VariantAtLayer method,
            Variant... variants) {
        for (Variant variant : variants) {
            methods.put(variant.of(name), layer -> method.at(layer, variant));
        }
    }

    private static Map<String, Supplier<ExplanationMethod>> ofAttention() {
        Map<String, Supplier<ExplanationMethod>> methods = new LinkedHashMap<>();
        methods.put(AttentionRollout.NAME, AttentionRollout::ofBlocks);
        methods.put(LeGrad.NAME, LeGrad::ofBlocks);
        return methods;
    }

    private static Map<String, Supplier<ExplanationMethod>> ofImage() {
        Map<String, Supplier<ExplanationMethod>> methods = new LinkedHashMap<>();
        methods.put(Rise.NAME, () -> Rise.with(RISE_MASKS));
        methods.put(Occlusion.NAME, () -> Occlusion.with(OCCLUSION_DIVISIONS));
        methods.put(FullGrad.NAME, FullGrad::ofImage);
        methods.put(Variant.PYTORCH_GRAD_CAM.of(FullGrad.NAME), () -> FullGrad.ofImage()
                .as(Variant.PYTORCH_GRAD_CAM));
        methods.put(IntegratedGradients.NAME, () -> IntegratedGradients.with(GRADIENTS));
        methods.put(SmoothGrad.NAME, () -> SmoothGrad.with(GRADIENTS));
        return methods;
    }

    /**
     * Lists the methods.
     *
     * @return their names, each with its variants; any of them may be followed by {@code :aug-smooth}, and those that add weighted channels
     *     by {@code :eigen-smooth}
     */
    public static List<String> names() {
        return Stream.of(AT_LAYER, OF_ATTENTION, OF_IMAGE)
                .flatMap(methods -> methods.keySet().stream())
                .toList();
    }

    /**
     * Tells whether a method explains by a layer that can be chosen.
     *
     * @param name one of {@link #names}, possibly with a kind of smoothing behind it
     * @return false for methods of pixels, such as occlusion, and for those of the attention of all blocks
     */
    public static boolean takesLayer(String name) {
        String smoothed = name.endsWith(Augmented.SUFFIX) ? without(name, Augmented.SUFFIX) : name;
        return !OF_IMAGE.containsKey(smoothed) && !OF_ATTENTION.containsKey(smoothed);
    }

    /**
     * Finds a method.
     *
     * @param name one of {@link #names}, possibly with a kind of smoothing behind it
     * @param layers the layers to explain by; none for the network's own target layer. Maps of several are joined: LayerCAM's as its paper
     *     does, others' by their mean
     * @return the method
     * @throws IllegalArgumentException if there is no such method, if a smoothing does not fit it, or if it takes no layer and layers are
     *     given
     */
    public static ExplanationMethod named(String name, List<String> layers) {
        if (name.endsWith(Augmented.SUFFIX)) {
            return Augmented.of(named(without(name, Augmented.SUFFIX), layers));
        }
        if (name.endsWith(AUGMENTED_THEN_EIGEN)) {
            // Both smoothings, in whatever order they are named: images come before channels.
            return Augmented.of(named(without(name, AUGMENTED_THEN_EIGEN) + EigenSmoothed.SUFFIX, layers));
        }
        if (!takesLayer(name)) {
            boolean isOfPixels = OF_IMAGE.containsKey(name);
            if (!layers.isEmpty()) {
                throw new IllegalArgumentException(
                        "the method " + name + " works on " + (isOfPixels ? "pixels" : "the attention of all blocks")
                                + " and takes no layer, but layers are given: " + String.join(", ", layers));
            }
            return (isOfPixels ? OF_IMAGE : OF_ATTENTION).get(name).get();
        }
        if (layers.size() > 1) {
            FusedMaps.Fusion fusion = isJoinedByAuthors(name) ? FusedMaps.Fusion.TANH_MAXIMUM : FusedMaps.Fusion.MEAN;
            return new FusedMaps(
                    layers.stream().map(layer -> atLayer(name, layer)).toList(), fusion);
        }
        return atLayer(name, layers.isEmpty() ? ExplainedImage.TARGET_LAYER : layers.get(0));
    }

    private static boolean isJoinedByAuthors(String name) {
        return name.equals(LayerCam.NAME) || name.equals(Variant.TORCH_CAM.of(LayerCam.NAME));
    }

    private static ExplanationMethod atLayer(String name, String layer) {
        if (name.endsWith(EigenSmoothed.SUFFIX)) {
            String smoothed = without(name, EigenSmoothed.SUFFIX);
            if (takesLayer(smoothed) && atLayer(smoothed, layer) instanceof ChannelMethod method) {
                return EigenSmoothed.of(method);
            }
            throw new IllegalArgumentException("the method " + smoothed
                    + " does not add weighted channels, which eigen-smooth joins; leave that out, or take "
                    + Augmented.SUFFIX.substring(1));
        }
        Function<String, ExplanationMethod> method = AT_LAYER.get(name);
        if (method == null) {
            throw new IllegalArgumentException("there is no method " + Quoted.of(name) + "; choose one of "
                    + String.join(", ", names()) + "; " + EigenSmoothed.SUFFIX + " or " + Augmented.SUFFIX
                    + " behind a name smooths its maps");
        }
        return method.apply(layer);
    }

    private static String without(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }
}
