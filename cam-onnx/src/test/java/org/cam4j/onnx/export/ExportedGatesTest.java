package org.cam4j.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cam4j.engine.Batch;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Engines;
import org.cam4j.engine.Values;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.testing.Npz;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.adjoint.Adjoint;
import org.junit.jupiter.api.Test;

/** The way back through every activation, pooling and gate, which cam4j's door does not read, against ONNX Runtime. */
class ExportedGatesTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "export");

    /** The file whose results are stored; {@code src/test/python/exported_cam.py} computes them again. */
    @Test
    void theGraphIsTheOneThatOnnxRuntimeComputed() throws IOException {
        ModelProto golden = ModelProto.parseFrom(Files.readAllBytes(GOLDEN.resolve("gates-cam.onnx")));
        assertThat(ExportedGraph.of("gates", GatedPlan.plan(), "Softmax", true)).isEqualTo(golden.getGraph());
    }

    @Test
    void mapAndBiasAreOnnxRuntimes() {
        Map<String, Npz.Array> expected = Npz.read(GOLDEN.resolve("gates-cam.npz"));
        InferencePlan plan = MapPlan.of(GatedPlan.plan());
        int images = expected.get("cam").dims()[0];
        int classes = expected.get("cam").dims()[1];
        try (Engine engine = Engines.of(plan, EngineSettings.standard().withEngine("Java"))) {
            for (int i = 0; i < images * classes; i++) {
                Map<String, Batch> inputs = new LinkedHashMap<>();
                float[] image =
                        GatedPlan.image(i / classes, expected.get("image").values());
                inputs.put(InferencePlan.IMAGE, Batch.of(image, plan.input()));
                float[] seed = new float[classes];
                seed[i % classes] = 1;
                inputs.put(Adjoint.SEED, Batch.of(seed, plan.shape(1)));
                Values values = engine.run(inputs, Set.of(MapPlan.CAM, MapPlan.BIAS));

                float[] map = values.host(MapPlan.CAM);
                float[] cam = Arrays.copyOfRange(expected.get("cam").values(), i * map.length, (i + 1) * map.length);
                float scale = 0;
                for (float value : cam) {
                    scale = Math.max(scale, Math.abs(value));
                }
                assertThat(map).usingComparatorWithPrecision(1e-5f * scale).containsExactly(cam);
                assertThat(values.host(MapPlan.BIAS))
                        .usingComparatorWithPrecision(1e-5f * scale)
                        .containsExactly(expected.get("bias").values()[i]);
            }
        }
    }
}
