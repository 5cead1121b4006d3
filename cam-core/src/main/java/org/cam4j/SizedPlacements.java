package org.cam4j;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.MapPlacement;

/** The placements of a network's maps, by the images' size: with crops and strides, a placement depends on that size. */
final class SizedPlacements implements Network.Placements {

    /** At least the number of engines, plus images under way: computing a placement again costs a plan. */
    private static final int SIZES = 64;

    private record Size(int height, int width) {}

    private final Map<Size, MapPlacement> bySize = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Size, MapPlacement> eldest) {
            return size() > SIZES;
        }
    };

    /** Computes the placements of sizes that were dropped. */
    private Network.Placements others = (height, width) -> {
        throw new UnsupportedModelException("nothing tells where maps lie in images of " + height + "x" + width + ".");
    };

    /** Starts with the usual size. */
    SizedPlacements(int height, int width, MapPlacement placement) {
        add(height, width, placement);
    }

    /** Sets the source of placements for other sizes. */
    SizedPlacements orElse(Network.Placements source) {
        others = source;
        return this;
    }

    /** Stores a plan's placement. */
    void add(int height, int width, MapPlacement placement) {
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
        MapPlacement found = others.of(height, width);
        add(height, width, found);
        return found;
    }
}
