package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class HideAndSeekTrainingTest {

    private static INDArray hidden(HideAndSeekTraining training, long... shape) {
        DataSet batch = new DataSet(Nd4j.ones(shape), Nd4j.ones(shape[0], 2));
        training.preProcess(batch);
        return batch.getFeatures();
    }

    @Test
    void halfOfThePatchesAreHiddenWhole() {
        INDArray images =
                hidden(new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(16), 0.5, List.of(), 1), 20, 224, 224, 3);

        assertThat(images.meanNumber().doubleValue()).isCloseTo(0.5, within(0.03));
        for (int row = 0; row < 14; row++) {
            float first = images.getFloat(3, row * 16, 32, 0);
            for (int y = 0; y < 16; y++) {
                for (int x = 32; x < 48; x++) {
                    assertThat(images.getFloat(3, row * 16 + y, x, 2)).isEqualTo(first);
                }
            }
        }
    }

    /** A fifth sees no grid, the others half of their patches. */
    @Test
    void thePapersSizesHideTwoFifthsOfAllPixels() {
        INDArray images = hidden(HideAndSeekTraining.paper(CNN2DFormat.NHWC, 2), 100, 224, 224, 1);

        assertThat(images.meanNumber().doubleValue()).isCloseTo(0.6, within(0.05));
        long whole = 0;
        for (int i = 0; i < 100; i++) {
            whole += images.slice(i).minNumber().doubleValue() == 1 ? 1 : 0;
        }
        assertThat(whole).isBetween(10L, 32L);
    }

    @Test
    void hiddenPixelsBecomeTheMeanOfTheirChannel() {
        INDArray last =
                hidden(new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(3), 1, List.of(0.25, -0.5), 1), 1, 5, 4, 2);
        INDArray first =
                hidden(new HideAndSeekTraining(CNN2DFormat.NCHW, List.of(3), 1, List.of(0.25, -0.5), 1), 1, 2, 5, 4);

        assertThat(last.getFloat(0, 4, 3, 0)).isEqualTo(0.25f);
        assertThat(last.getFloat(0, 0, 0, 1)).isEqualTo(-0.5f);
        assertThat(first.permute(0, 2, 3, 1).dup('c')).isEqualTo(last);
    }

    @Test
    void anEpochThatIsRepeatedHidesTheSame() {
        HideAndSeekTraining training = HideAndSeekTraining.paper(CNN2DFormat.NHWC, 5);
        training.startEpoch(3);
        INDArray once = hidden(training, 4, 64, 64, 1);
        INDArray then = hidden(training, 4, 64, 64, 1);

        training.startEpoch(3);

        assertThat(hidden(training, 4, 64, 64, 1)).isEqualTo(once);
        assertThat(then).isNotEqualTo(once);
    }

    @Test
    void valuesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(-1), 0.5, List.of(), 1))
                .hasMessageContaining("at least 0");
        assertThatThrownBy(() -> new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(4), 1.5, List.of(), 1))
                .hasMessageContaining("give 0 to 1");
        assertThatThrownBy(() ->
                        hidden(new HideAndSeekTraining(CNN2DFormat.NHWC, List.of(4), 0.5, List.of(0.0), 1), 1, 8, 8, 3))
                .hasMessageContaining("1 values to fill 3 channels");
    }
}
