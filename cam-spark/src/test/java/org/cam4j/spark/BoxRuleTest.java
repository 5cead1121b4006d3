package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cam4j.ActivationMap;
import org.cam4j.Prediction;
import org.cam4j.image.Geometry;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.junit.jupiter.api.Test;

/** Rules of boxes by their names, beside the localizers that they stand for. */
class BoxRuleTest {

    private static final float[] VALUES = {
        0, 1, 2, 1, 0, 0,
        1, 5, 9, 4, 0, -1,
        0, 4, 6, 3, 0, 0,
        -2, 0, 1, 0, 3, 5,
    };

    private static ActivationMap map() {
        return new ActivationMap(
                new Prediction(0, "koala", 1, 0.9), 4, 6, VALUES, new Geometry(60, 40, 60, 40, 1, 1, 0, 0));
    }

    private static List<BoundingBox> box(Localizer localizer) {
        return localizer.box(map()).stream().toList();
    }

    @Test
    void namesStandForLocalizers() {
        assertThat(BoxRule.named("none").boxes(map())).isEmpty();
        assertThat(BoxRule.named("paper").boxes(map())).isNotEmpty().isEqualTo(box(Localizer.paper()));
        assertThat(BoxRule.named("relative:0.55").boxes(map())).isEqualTo(box(Localizer.relative(0.55)));
        assertThat(BoxRule.named("min-max:0.7").boxes(map())).isEqualTo(box(Localizer.minMax(0.7)));
        assertThat(BoxRule.named("multi-threshold").boxes(map()))
                .isEqualTo(Localizer.multiThreshold().boxes(map()));
    }

    @Test
    void refusesOtherNamesAndNumbers() {
        assertThatThrownBy(() -> BoxRule.named("largest")).hasMessageContaining("relative:FRACTION");
        assertThatThrownBy(() -> BoxRule.named("relative:half")).hasMessageContaining("no number");
        assertThatThrownBy(() -> BoxRule.named("min-max:1")).hasMessageContaining("1.0");
    }
}
