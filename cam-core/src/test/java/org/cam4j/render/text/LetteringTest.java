package org.cam4j.render.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class LetteringTest {

    private final Lettering withoutFonts = new Lettering(Optional::empty);

    @Test
    void latinTextNeverAsksForTheMachinesFonts() {
        Lettering lettering = new Lettering(() -> {
            throw new AssertionError("asked for a font");
        });

        assertThat(lettering.width("Żółw błotny, 95 % – naïve façade…", 10)).isPositive();
        assertThat(lettering.outline("éàüßÆñčő", 10).getBounds2D().isEmpty()).isFalse();
    }

    @Test
    void capitalsStandOnTheBaseLine() {
        var bounds = withoutFonts.outline("H", 100).getBounds2D();

        assertThat(bounds.getMaxY()).isCloseTo(0, within(1e-9));
        assertThat(bounds.getMinY()).isCloseTo(-100 * Lettering.CAP_HEIGHT, within(1e-9));
        assertThat(withoutFonts.outline("g", 100).getBounds2D().getMaxY())
                .isCloseTo(100 * Lettering.DESCENT, within(1.0));
    }

    @Test
    void widthIsTheSumOfAdvancesAndScalesWithTheSize() {
        double one = withoutFonts.width("a", 10);

        assertThat(withoutFonts.width("aaaa", 10)).isCloseTo(4 * one, within(1e-9));
        assertThat(withoutFonts.width("a", 25)).isCloseTo(2.5 * one, within(1e-9));
        assertThat(withoutFonts.width("", 10)).isZero();
    }

    @Test
    void machineWithoutFontsDrawsABoxForEachOtherCharacter() {
        assertThat(withoutFonts.width("熊猫", 10)).isCloseTo(2 * 0.6 * 10, within(1e-9));
        assertThat(withoutFonts.outline("熊", 100).contains(9, -30)).as("rim").isTrue();
        assertThat(withoutFonts.outline("熊", 100).contains(30, -35))
                .as("inside")
                .isFalse();
    }

    @Test
    void textWithOtherCharactersAsksForTheMachinesFonts() {
        AtomicInteger asked = new AtomicInteger();
        Lettering lettering = new Lettering(() -> {
            asked.incrementAndGet();
            return Optional.empty();
        });

        lettering.outline("panda 熊猫", 10);

        assertThat(asked).hasValue(1);
    }

    @Test
    void accentsJoinTheirLetters() {
        assertThat(withoutFonts.width("e\u0301", 10)).isEqualTo(withoutFonts.width("é", 10));
    }

    @Test
    void lineBreaksAreSpaces() {
        assertThat(withoutFonts.shortened("giant\npanda\t1", 10, 1000)).isEqualTo("giant panda 1");
    }

    @Test
    void textThatFitsStaysAsItIs() {
        double exactly = withoutFonts.width("giant panda", 16);

        assertThat(withoutFonts.shortened("giant panda", 16, exactly)).isEqualTo("giant panda");
    }

    @Test
    void longTextEndsInAnEllipsis() {
        String shown = withoutFonts.shortened("soft-coated wheaten terrier", 16, 120);

        assertThat(shown).isEqualTo("soft-coated wh…");
        assertThat(withoutFonts.width(shown, 16)).isLessThanOrEqualTo(120);
    }

    @Test
    void noRoomMeansNoText() {
        assertThat(withoutFonts.shortened("giant panda", 16, 3)).isEmpty();
        assertThat(withoutFonts.shortened("giant panda", 16, -1)).isEmpty();
    }

    @Property
    void anyTextIsDrawnWithoutFonts(@ForAll String text, @ForAll @DoubleRange(min = 0, max = 300) double room) {
        assertThat(withoutFonts.width(withoutFonts.shortened(text, 12, room), 12))
                .isLessThanOrEqualTo(room);
        assertThat(withoutFonts.outline(text, 12).getBounds2D().getWidth()).isFinite();
    }

    @Property(tries = 200)
    void anyTextIsDrawnWithTheMachinesFonts(@ForAll String text, @ForAll @DoubleRange(min = 0, max = 300) double room) {
        Lettering lettering = Lettering.standard();

        assertThat(lettering.width(lettering.shortened(text, 12, room), 12)).isLessThanOrEqualTo(room);
        assertThat(lettering.outline(text, 12).getBounds2D().getWidth()).isFinite();
    }
}
