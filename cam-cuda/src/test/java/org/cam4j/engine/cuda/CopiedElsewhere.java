package org.cam4j.engine.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.cam4j.engine.Batch;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.PixelBatch;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.Target;
import org.cam4j.explain.network.ExplainedNetwork;
import org.cam4j.explain.network.Progress;
import org.cam4j.explain.network.TokenPlaces;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.SaidElsewhere;

/** Says how many bytes go to the GPU and come from it, which the stand-in writes to the file of {@code CAM4J_STANDIN_COPIES}. */
final class CopiedElsewhere {

    private static final Set<String> BOTH = Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS);
    /** One array, which goes up once. */
    private static final float[] HEAD = TestPlans.head();

    private static final Path COPIES = Path.of(System.getenv("CAM4J_STANDIN_COPIES"));

    private CopiedElsewhere() {}

    public static void main(String[] arguments) throws Exception {
        InferencePlan plan = TestPlans.classifier(false);
        Batch floats = Batch.of(TestPlans.numbers(9, plan.input().size(), 1), plan.input());
        PixelBatch bytes = PixelsTest.pixels(plan, Interpolation.LANCZOS, Fit.SQUASH, 1);
        EngineSettings settings = EngineSettings.standard().withEngine("CUDA");
        try (CudaEngine engine = CudaEngine.start(plan, CudaSettings.standard());
                ExplainedNetwork network =
                        new ExplainedNetwork(plan, engine, settings, UnaryOperator.identity(), TokenPlaces.NONE)) {
            say("floats", () -> engine.run(floats, Set.of(InferencePlan.LOGITS)));
            say("bytes", () -> engine.run(bytes, Set.of(InferencePlan.LOGITS)));
            say("features", () -> engine.run(floats, BOTH));
            DeviceValues values = (DeviceValues) engine.run(floats, BOTH);
            say("sums", () -> values.channelSums(InferencePlan.FEATURES, 0, 1, HEAD, 3, 1));
            say("kept", () -> engine.runKeeping(Map.of(InferencePlan.IMAGE, floats), Set.of(InferencePlan.FEATURES)));
            say("maps", () -> engine.maps(floats, HEAD));
            for (String layer : new String[] {"second", ExplainedImage.TARGET_LAYER}) {
                say(layer.isEmpty() ? "target" : layer, () -> GradCam.at(layer)
                        .map(network.image(floats, engine.run(floats, BOTH), 0, Progress.NONE), Target.logit(2)));
            }
        }
        System.exit(0);
    }

    /** Does something twice and says what the second time copied: the first time captures graphs. */
    private static void say(String name, Runnable work) throws IOException {
        work.run();
        long before = Files.size(COPIES);
        work.run();
        String copies = Files.readString(COPIES).substring((int) before);
        SaidElsewhere.say(name + ": up " + sum(copies, "up ") + ", down " + sum(copies, "down "));
    }

    private static long sum(String copies, String direction) {
        return copies.lines()
                .filter(line -> line.startsWith(direction))
                .mapToLong(line -> Long.parseLong(line.substring(direction.length())))
                .sum();
    }
}
