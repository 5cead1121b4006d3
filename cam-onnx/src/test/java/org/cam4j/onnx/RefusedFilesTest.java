package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.CamException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged, hostile and unsuitable files, each with the words of its refusal. */
class RefusedFilesTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "refused");

    private static final Map<String, String> REASONS = Map.ofEntries(
            Map.entry("truncated", "the input ended unexpectedly"),
            Map.entry("raw_short", "holds 392 bytes; expected 432"),
            Map.entry("dims_huge", "[1048576, 1048576] has more than"),
            Map.entry("dims_negative", "an axis of -4 elements"),
            Map.entry("external_missing", "'external_missing.onnx.data', which is no ordinary file beside the model"),
            Map.entry("external_outside", "expected a file in the model's own folder"),
            Map.entry("external_absolute", "expected a file in the model's own folder"),
            Map.entry("external_beyond", "432 bytes from byte 4096"),
            Map.entry("cycle", "nodes that wait for each other: Conv 'n0_Conv'"),
            Map.entry("unknown_tensor", "reads the tensor 'nobody', which no node makes"),
            Map.entry("made_twice", "makes the tensor 'relu_4' twice"),
            Map.entry("wrong_channels", "Conv 'n2_Conv' does not fit its inputs"),
            Map.entry("contrib_op", "com.microsoft.FusedConv 'n0_Conv'"),
            Map.entry("unknown_op", "Rlu 'n1_Relu'"),
            Map.entry("two_images", "2 inputs [input, second]"),
            Map.entry("detector", "'boxes' [1, 49, 6]; expected scores of classes"),
            Map.entry("loop", "Loop 'relu_4'"),
            Map.entry("empty_graph", "a graph without nodes"),
            Map.entry("no_graph", "holds no graph"),
            Map.entry("not_onnx", "is no ONNX file"),
            Map.entry("hdf5", "is no ONNX file"),
            Map.entry("nan_weight", "holds NaN"),
            Map.entry("recursive_function", "functions that call each other"));

    static Stream<Arguments> everyFile() {
        return REASONS.entrySet().stream().map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @Test
    void aKerasFileNamedOnnxIsLeftToTheReaderOfKerasFiles() {
        assertThatThrownBy(() ->
                        ClassActivationMapper.from(FOLDER.resolve("hdf5.onnx")).build())
                .isInstanceOf(CamException.class)
                // This module has no ND4J, which Keras files need.
                .hasMessageContaining("no ND4J backend")
                .hasMessageNotContaining("cam-onnx");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("everyFile")
    void theRefusalSaysWhatIsWrong(String name, String words) {
        Throwable refusal = catchThrowable(() -> {
            OnnxModel model = OnnxModel.read(FOLDER.resolve(name + ".onnx"));
            model.translation(model.inputHeight().orElse(64), model.inputWidth().orElse(64));
        });
        assertThat(refusal).isInstanceOf(CamException.class).hasMessageContaining(words);
    }
}
