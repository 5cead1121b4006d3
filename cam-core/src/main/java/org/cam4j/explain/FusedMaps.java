package org.cam4j.explain;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One map of several, mostly of one method at several layers.
 *
 * <p>Every map is rectified and divided by its maximum, enlarged to that of the most cells with linear interpolation between centres of
 * cells, and joined with the others. A map without positive values adds nothing. Joined maps do not add up to a score, even where their
 * parts do.
 *
 * @param methods make the maps, one or more
 * @param fusion how the maps are joined
 */
public record FusedMaps(List<ExplanationMethod> methods, Fusion fusion) implements ExplanationMethod {

    private static final double STEEPNESS = 2;

    /** How maps are joined. */
    public enum Fusion {

        /** The mean, as in pytorch-grad-cam, which also takes each map's minimum off before. */
        MEAN,

        /** The largest of {@code tanh(2 M / max M)}, as in LayerCAM's paper (equation 9) and torch-cam. */
        TANH_MAXIMUM
    }

    /**
     * Copies the methods.
     *
     * @throws IllegalArgumentException if there is none
     */
    public FusedMaps {
        methods = List.copyOf(methods);
        if (methods.isEmpty()) {
            throw new IllegalArgumentException("maps of no method cannot be joined; give one method or more");
        }
    }

    /**
     * Joins the maps of methods.
     *
     * @param fusion how the maps are joined
     * @param methods make the maps
     * @return the method whose map joins theirs
     */
    public static FusedMaps of(Fusion fusion, ExplanationMethod... methods) {
        return new FusedMaps(List.of(methods), fusion);
    }

    @Override
    public String name() {
        return methods.stream().map(ExplanationMethod::name).distinct().collect(Collectors.joining("+"));
    }

    @Override
    public RawMap map(ExplainedImage image, Target target) {
        List<RawMap> maps =
                methods.stream().map(method -> method.map(image, target)).toList();
        RawMap finest = maps.stream()
                .reduce((a, b) -> a.values().length >= b.values().length ? a : b)
                .orElseThrow();
        double[] joined = new double[finest.values().length];
        for (RawMap map : maps) {
            join(joined, enlarged(scaled(map), finest));
        }
        return new RawMap(finest.layer(), finest.height(), finest.width(), Doubles.rounded(joined));
    }

    private void join(double[] joined, float[] map) {
        for (int i = 0; i < joined.length; i++) {
            joined[i] =
                    fusion == Fusion.MEAN ? joined[i] + map[i] / (double) methods.size() : Math.max(joined[i], map[i]);
        }
    }

    private RawMap scaled(RawMap map) {
        float[] scaled = new float[map.values().length];
        float largest = 0;
        for (float value : map.values()) {
            largest = Math.max(largest, value);
        }
        for (int i = 0; i < scaled.length; i++) {
            double value = largest == 0 ? 0 : Math.max(map.values()[i], 0) / (double) largest;
            scaled[i] = (float) (fusion == Fusion.TANH_MAXIMUM ? Math.tanh(STEEPNESS * value) : value);
        }
        return new RawMap(map.layer(), map.height(), map.width(), scaled);
    }

    private static float[] enlarged(RawMap map, RawMap to) {
        return Bilinear.halfPixel(map.height(), map.width(), to.height(), to.width())
                .resized(map.values());
    }
}
