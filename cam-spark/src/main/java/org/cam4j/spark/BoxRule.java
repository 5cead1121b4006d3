package org.cam4j.spark;

import java.io.Serializable;
import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.exception.Quoted;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;

/**
 * Which boxes are found on a map.
 *
 * @param rule the kind of rule
 * @param fraction the threshold of {@link Rule#RELATIVE} and {@link Rule#MIN_MAX}, in [0, 1); otherwise ignored
 */
record BoxRule(Rule rule, double fraction) implements Serializable {

    private static final String RELATIVE = "relative:";
    private static final String MIN_MAX = "min-max:";

    /** The kinds of rules. */
    enum Rule {
        NONE,
        RELATIVE,
        MIN_MAX,
        MULTI_THRESHOLD
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException if there is no such rule, or its fraction is none
     */
    static BoxRule named(String text) {
        BoxRule rule =
                switch (text) {
                    case "none" -> new BoxRule(Rule.NONE, 0);
                    case "paper" -> new BoxRule(Rule.RELATIVE, Localizer.paper().fraction());
                    case "multi-threshold" -> new BoxRule(Rule.MULTI_THRESHOLD, 0);
                    default -> withFraction(text);
                };
        // Refuses a fraction out of range before any photo is read.
        rule.localizer();
        return rule;
    }

    private static BoxRule withFraction(String text) {
        try {
            if (text.startsWith(RELATIVE)) {
                return new BoxRule(Rule.RELATIVE, Double.parseDouble(text.substring(RELATIVE.length())));
            }
            if (text.startsWith(MIN_MAX)) {
                return new BoxRule(Rule.MIN_MAX, Double.parseDouble(text.substring(MIN_MAX.length())));
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the box rule " + Quoted.of(text)
                            + " has no number behind its colon: give, for example, relative:0.35",
                    e);
        }
        throw new IllegalArgumentException("there is no box rule " + Quoted.of(text)
                + "; choose one of none, paper, relative:FRACTION, min-max:FRACTION, multi-threshold");
    }

    private Localizer localizer() {
        return rule == Rule.MIN_MAX ? Localizer.minMax(fraction) : Localizer.relative(fraction);
    }

    /** The boxes in the photo's pixels: at most one of most rules; none if the map has no place in the photo. */
    List<BoundingBox> boxes(ActivationMap map) {
        if (rule == Rule.NONE || !map.isPlaced()) {
            return List.of();
        }
        return rule == Rule.MULTI_THRESHOLD
                ? Localizer.multiThreshold().boxes(map)
                : localizer().box(map).stream().toList();
    }
}
