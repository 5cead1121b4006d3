package org.cam4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.DetectedObject;
import org.cam4j.localization.HideAndSeek;
import org.cam4j.localization.HideAndSeekMap;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.ObjectFinder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several animals in one picture, and one animal with parts hidden. */
class ObjectFinderTest {

    private static ClassActivationMapper mapper;

    @BeforeAll
    static void open() {
        mapper = ClassActivationMapper.fromKeras(Demo.MODEL).build();
    }

    @AfterAll
    static void close() {
        mapper.close();
    }

    private static List<DetectedObject> assertFound(Montage montage) {
        List<DetectedObject> found = ObjectFinder.of(mapper).find(mapper.explain(montage.picture()));
        for (Montage.Animal animal : montage.animals()) {
            assertThat(found).as("%s in %s", animal, found).anySatisfy(object -> {
                assertThat(object.label()).isEqualTo(animal.label());
                assertThat(object.box().intersectionOverUnion(animal.box())).isGreaterThanOrEqualTo(0.4);
            });
        }
        assertThat(found).hasSameSizeAs(montage.animals());
        return found;
    }

    @Test
    void twoAnimalsAreFoundEachWithItsBox() {
        Montage montage = Montage.of(320, "giant_panda", "macaw");

        List<DetectedObject> found = assertFound(montage);

        for (DetectedObject object : found) {
            assertThat(object.probability()).isBetween(0.3, 1.0);
            assertThat(object.crop().contains(object.box())).isTrue();
            // The map lies where the crop does: nothing beside it, and the hottest place in the box.
            float[] values = object.map().upsampledArray();
            int hottest = 0;
            for (int i = 0; i < values.length; i++) {
                if (!object.crop().contains(i % 640, Math.floorDiv(i, 640))) {
                    assertThat(values[i]).isZero();
                }
                hottest = values[i] > values[hottest] ? i : hottest;
            }
            assertThat(object.box().contains(hottest % 640, Math.floorDiv(hottest, 640)))
                    .isTrue();
        }
        assertThat(found).isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
    }

    @Test
    void fourAnimalsAreFoundEachWithItsBox() {
        assertFound(Montage.of(320, "giant_panda", "macaw", "koala", "bison"));
    }

    @Test
    void whatTheNetworkIsNotSureOfIsNoObject() {
        Explanation grey = mapper.explain(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB));

        assertThat(ObjectFinder.of(mapper)
                        .classes(1)
                        .crops(2)
                        .minimumProbability(0.9)
                        .find(grey))
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectFinder.of(mapper).classes(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectFinder.of(mapper).margin(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ObjectFinder.of(mapper).overlap(1.1));
    }

    @Test
    void hidingNothingGivesThePlainMapAndFullAgreement() {
        Explanation koala = mapper.explain(Demo.PHOTOS.resolve("koala.jpg"));

        HideAndSeekMap sought = HideAndSeek.of(mapper)
                .hiding(0)
                .passes(2)
                .seek(koala, koala.prediction().index());

        float[] plain = koala.map().toArray();
        float[] average = sought.average().toArray();
        for (int i = 0; i < plain.length; i++) {
            assertThat(average[i]).isCloseTo(plain[i], within(1e-3f));
        }
        // The bits of one batch are the same; squares and means are rounded.
        assertThat(sought.stability().min()).isGreaterThan(0.99f);
        assertThat(sought.average().prediction()).isEqualTo(koala.prediction());
    }

    @Test
    void theSameSeedHidesTheSamePatches() {
        Explanation koala = mapper.explain(Demo.PHOTOS.resolve("koala.jpg"));
        HideAndSeek seeker = HideAndSeek.of(mapper).passes(2).grid(5);

        HideAndSeekMap once = seeker.seek(koala, 105);

        assertThat(seeker.seek(koala, 105).average().toArray())
                .isEqualTo(once.average().toArray());
        assertThat(seeker.seed(2).seek(koala, 105).average().toArray())
                .isNotEqualTo(once.average().toArray());
        assertThat(once.stability().min()).isBetween(0f, 0.99f);
        assertThat(once.stability().max()).isLessThanOrEqualTo(1f);
        // Still the koala's place.
        BoundingBox labelled = new BoundingBox(67, 154, 403, 544);
        assertThat(Localizer.paper().box(once.average()).orElseThrow().intersectionOverUnion(labelled))
                .isGreaterThan(0.3);
    }
}
