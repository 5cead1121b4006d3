package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.explain.ReciproCam;
import org.cam4j.onnx.testing.Npz;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.Test;

/** ReciproCAM at the cells of a transformer, with the other tokens as they are, against ONNX Runtime: {@code vit_recipro_cam.py}. */
class ViTReciproCamTest {

    @Test
    void cellsAreMaskedAndTheOtherTokensStay() {
        StoredClassifier stored = StoredClassifier.of("deit_ts17");
        Npz.Array expected = Npz.read(Path.of("src", "test", "resources", "maps", "deit_ts17.recipro.npz"))
                .get("map");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(stored.file())
                .layer("/blocks/blocks.1/norm1/LayerNormalization_output_0")
                .build()) {
            StoredClassifier.Images images = stored.images();
            InputTensor image = InputTensor.of(
                    images.values(), images.shape().height(), images.shape().width(), 3);
            Explanation explanation = mapper.explain(image, 0);
            for (int c = 0; c < explanation.classes(); c++) {
                float[] map = explanation.map(c, ReciproCam.atTarget()).toArray();
                assertThat(map)
                        .usingComparatorWithPrecision(1e-6f)
                        .containsExactly(Arrays.copyOfRange(expected.values(), c * map.length, (c + 1) * map.length));
            }
        }
    }
}
