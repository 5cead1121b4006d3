package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users are told of the way from a graph to a plan; the counts are those of nodes that Netron shows. */
class NotesTest {

    private static List<String> notes(String name) {
        StoredClassifier stored = StoredClassifier.of(name);
        StoredClassifier.Images images = stored.images();
        return stored.model()
                .translation(images.shape().height(), images.shape().width())
                .notes();
    }

    @Test
    void nodesThatDependOnNoImageAreCounted() {
        assertThat(notes("hand_constants"))
                .containsExactly(
                        "computed once, because they depend on no image: 1 Concat, 1 Conv, 4 CumSum, 1 GatherND,"
                                + " 1 ScatterND");
        assertThat(notes("yolo_cls_ts17"))
                .containsExactly(
                        "computed once, because they depend on no image: 2 Add, 2 Div, 2 Gather, 4 Mul, 2 Shape");
    }

    @Test
    void nodesThatOperatorsOnIntegersBecomeAreNotCounted() {
        assertThat(notes("quantized_static"))
                .containsExactly(
                        "integers between QuantizeLinear and DequantizeLinear are computed in float32: not rounded, but"
                                + " cut to their range",
                        "the scores 'logits' are not cut to the range of their integers");
    }

    @Test
    void nodesThatDoNothingAreCounted() {
        assertThat(notes("hand_shape_arithmetic"))
                .contains("dropped, because they change nothing: 1 Dropout, 1 Identity");
    }

    @ParameterizedTest
    @CsvSource({
        "convnext_ts13, '4 GELU or error function, 8 layer normalization'",
        "vit_tv_dyn18, 2 GELU or error function"
    })
    void functionsInPiecesAreNamed(String name, String pieces) {
        assertThat(notes(name)).contains("computed as one step, though written in pieces: " + pieces);
    }

    @ParameterizedTest
    @CsvSource({"pre_imagenet_softmax_ts17, 'Sub, Div'", "keras_mobilenetv2_op15, 'Mul, Add'", "hand_resizes, Resize"})
    void thePreparationInsideTheGraphIsNamed(String name, String operators) {
        assertThat(notes(name))
                .contains("the graph itself prepares the image, by " + operators
                        + ": photos need the preprocessing 'none' if that is all");
    }

    @Test
    void aGraphOfLayersAloneHasNoNotes() {
        assertThat(notes("resnet_basic_dyn18")).isEmpty();
    }
}
