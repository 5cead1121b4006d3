package org.cam4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.dl4j.graph.GapClassifier;
import org.cam4j.dl4j.graph.GraphPlanner;
import org.cam4j.dl4j.graph.Planning;
import org.cam4j.dl4j.graph.UntracedLayers;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.ReceptiveFields;

/** Where the maps of a graph lie in its images, which crops and strides make depend on the images' size. */
final class SizedPlacements implements Network.Placements {

    /** As many as there may be engines, and some for images under way: a new one costs a plan. */
    private static final int SIZES = 64;

    private record Size(int height, int width) {}

    private final GapClassifier parts;
    private final Map<Size, MapPlacement> bySize = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Size, MapPlacement> eldest) {
            return size() > SIZES;
        }
    };

    SizedPlacements(GapClassifier parts) {
        this.parts = parts;
    }

    /** Notes what a plan says. */
    void add(int height, int width, Planning planning) {
        MapPlacement placement = placement(planning, height, width);
        synchronized (bySize) {
            bySize.put(new Size(height, width), placement);
        }
    }

    @Override
    public MapPlacement of(int height, int width) {
        synchronized (bySize) {
            MapPlacement known = bySize.get(new Size(height, width));
            if (known != null) {
                return known;
            }
        }
        add(height, width, GraphPlanner.plan(parts, height, width));
        return of(height, width);
    }

    /** Without a plan there is no telling where cells lie but by what their layers leave alone. */
    private MapPlacement placement(Planning planning, int height, int width) {
        return planning.plan().map(ReceptiveFields::placement).orElseGet(() -> UntracedLayers.objection(parts)
                .<MapPlacement>map(MapPlacement.Unplaced::new)
                .orElseGet(() -> MapPlacement.whole(height, width)));
    }
}
