package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreprocessingTest {

    private static final int WIDTH = 8;
    private static final int LENGTH = WIDTH * WIDTH * 3;

    @Test
    void namedPreprocessingsAreThoseOfKeras() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("/preparation/preprocess.bin");
                DataInputStream in = new DataInputStream(file)) {
            float[] pixels = floats(in);
            assertThat(preprocessed(Preprocessing.CAFFE, pixels)).containsExactly(floats(in), Offset.offset(1e-5f));
            assertThat(preprocessed(Preprocessing.TF, pixels)).containsExactly(floats(in), Offset.offset(1e-5f));
            assertThat(preprocessed(Preprocessing.TORCH, pixels)).containsExactly(floats(in), Offset.offset(1e-5f));
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private static float[] floats(DataInputStream in) throws IOException {
        float[] values = new float[LENGTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }

    /** What sampling does, which orders the channels, and then the preprocessing. */
    private static float[] preprocessed(Preprocessing preprocessing, float[] pixels) {
        float[] values = pixels.clone();
        if (preprocessing.order() == ChannelOrder.BGR) {
            for (int i = 0; i < values.length; i += 3) {
                values[i] = pixels[i + 2];
                values[i + 2] = pixels[i];
            }
        }
        preprocessing.apply(values, WIDTH);
        return values;
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            caffe; caffe; BGR - (103.939, 116.779, 123.68)
            TF; tf; RGB * 0.0078431373 - 1
            Torch; torch; RGB * (0.017124754, 0.017507003, 0.017429194) - (2.1179039, 2.0357143, 1.8044444)
            unit; unit; RGB * 0.0039215686
            none; none; RGB
            0.0078125,-0.9921875; 0.0078125,-0.9921875; RGB * 0.0078125 - 0.9921875
            0.5, 2, BGR; 0.5,2.0,bgr; BGR * 0.5 + 2
            none,bgr; none,bgr; BGR
            unit , grey; unit,grey; GREY * 0.0039215686
            tf,rgb; tf; RGB * 0.0078431373 - 1
            1,0; none; RGB
            1,-103.939/-116.779/-123.68,bgr; caffe; BGR - (103.939, 116.779, 123.68)
            1/2/3,-4/5/-6; 1.0/2.0/3.0,-4.0/5.0/-6.0; RGB * (1, 2, 3) + (-4, 5, -6)
            """)
    void whatAPersonWritesIsReadAndWrittenBack(String text, String canonical, String words) {
        Preprocessing preprocessing = Preprocessing.parse(text);

        assertThat(preprocessing).hasToString(canonical);
        assertThat(Preprocessing.parse(canonical)).isEqualTo(preprocessing);
        assertThat(preprocessing.words()).isEqualTo(words);
    }

    @Property
    void everyPreprocessingIsReadBackFromItsText(
            @ForAll ChannelOrder order,
            @ForAll @Size(3) List<@DoubleRange(min = 0.01, max = 1e6) Double> scale,
            @ForAll @Size(3) List<@DoubleRange(min = -1e6, max = 1e6) Double> offset) {
        int channels = order.channels();
        Preprocessing preprocessing = new Preprocessing(order, scale.subList(0, channels), offset.subList(0, channels));

        assertThat(Preprocessing.parse(preprocessing.toString())).isEqualTo(preprocessing);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vgg",
                "caffe,",
                "caffe,grey",
                "1",
                "1,2,3",
                "0,1",
                "NaN,0",
                "1,2,rgba",
                "1/2,0",
                "1,2,bgr,bgr",
                "x,1"
            })
    void whatCannotBeReadIsRefusedWithWhatCan(String text) {
        assertThatThrownBy(() -> Preprocessing.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageNotContaining("org.cam4j")
                .hasMessageContaining("caffe, tf, torch, unit, none or SCALE,OFFSET");
    }

    @Test
    void coloursKeepTheirConstantsWhenTheOrderChanges() {
        Preprocessing bgr = Preprocessing.TORCH.bgr();

        assertThat(bgr.scale().get(0)).isEqualTo(Preprocessing.TORCH.scale().get(2));
        assertThat(bgr.offset().get(2)).isEqualTo(Preprocessing.TORCH.offset().get(0));
        assertThat(bgr).hasToString("torch,bgr");
        assertThat(bgr.bgr()).isSameAs(bgr);
    }

    @Test
    void coloursThatAreTreatedDifferentlyHaveNoGrey() {
        assertThatThrownBy(Preprocessing.CAFFE::grey)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'caffe'")
                .hasMessageContaining("one channel");
        assertThatThrownBy(() -> Preprocessing.UNIT.grey().bgr()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneFiniteScaleAndOffsetAChannelAreNeeded() {
        assertThatThrownBy(() -> new Preprocessing(ChannelOrder.RGB, List.of(1.0), List.of(0.0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RGB needs 3");
        assertThatThrownBy(() -> Preprocessing.of(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Preprocessing.of(1, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
