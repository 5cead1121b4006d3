package org.cam4j.localization;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Explanation;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;

/**
 * Whether a map can be taken at its word.
 *
 * @param warnings what may be wrong, in the order of {@link MapWarning}; empty for a map without reproach
 */
public record MapCheck(List<MapWarning> warnings) {

    private static final double FLAT = 0.01;
    private static final double NEARLY_WHOLE = 0.9;
    private static final double LIKELY = 0.5;

    public MapCheck {
        warnings = List.copyOf(warnings);
    }

    /**
     * The verdict on the map of the best class.
     *
     * @param explanation a photo's
     * @return the verdict
     */
    public static MapCheck of(Explanation explanation) {
        return of(explanation.map());
    }

    /**
     * The verdict on a map.
     *
     * @param map a raw map
     * @return the verdict
     */
    public static MapCheck of(ActivationMap map) {
        List<MapWarning> warnings = new ArrayList<>();
        float max = map.max();
        float min = map.min();
        boolean flat = (double) max - min <= FLAT * Math.max(Math.abs(max), Math.abs(min));
        if (max <= 0) {
            warnings.add(MapWarning.ALL_NEGATIVE);
        }
        if (flat) {
            warnings.add(MapWarning.FLAT);
        }
        if (map.isPlaced()) {
            if (max > 0 && !flat) {
                addPeak(map.upright(), warnings);
            }
            addBox(map, warnings);
        } else {
            warnings.add(MapWarning.NO_PLACE);
        }
        double logit = map.prediction().logit();
        if (map.addsUp()
                && Math.signum(map.bias()) == Math.signum(logit)
                && Math.abs(map.bias()) > Math.abs(logit) / 2) {
            warnings.add(MapWarning.EVIDENCE_IN_NO_PLACE);
        }
        if (map.prediction().probability() < LIKELY) {
            warnings.add(MapWarning.LOW_PROBABILITY);
        }
        return new MapCheck(warnings);
    }

    private static void addBox(ActivationMap map, List<MapWarning> warnings) {
        Geometry geometry = map.geometry();
        long pixels = (long) geometry.photoWidth() * geometry.photoHeight();
        if (Localizer.paper().box(map).stream().anyMatch(box -> box.area() >= NEARLY_WHOLE * pixels)) {
            warnings.add(MapWarning.BOX_NEARLY_WHOLE_PHOTO);
        }
    }

    private static void addPeak(ActivationMap map, List<MapWarning> warnings) {
        float[] values = map.toArray();
        int hottest = 0;
        for (int i = 1; i < values.length; i++) {
            hottest = values[i] > values[hottest] ? i : hottest;
        }
        int row = Math.floorDiv(hottest, map.width());
        int column = hottest % map.width();
        Geometry geometry = map.geometry();
        MapPlacement.Placed placement = (MapPlacement.Placed) map.placement();
        double x = geometry.toPhotoX(placement.columns().centre(column, map.width()));
        double y = geometry.toPhotoY(placement.rows().centre(row, map.height()));
        if (x < 0 || y < 0 || x >= geometry.photoWidth() || y >= geometry.photoHeight()) {
            warnings.add(MapWarning.PEAK_ON_PADDING);
        } else if (map.height() >= 3
                && map.width() >= 3
                && (onEdge(row, map.height()) || onEdge(column, map.width()))) {
            warnings.add(MapWarning.PEAK_ON_BORDER);
        }
    }

    private static boolean onEdge(int index, int count) {
        return index == 0 || index == count - 1;
    }

    /**
     * Whether there is nothing to warn of.
     *
     * @return true for no warnings
     */
    public boolean isClear() {
        return warnings.isEmpty();
    }
}
