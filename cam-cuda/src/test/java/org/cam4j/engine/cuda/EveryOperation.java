package org.cam4j.engine.cuda;

import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.sessions.JqwikSession;
import org.cam4j.engine.DeviceValues;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.PixelBatch;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.random.OperationCase;
import org.cam4j.testing.random.OperationTrial;
import org.cam4j.testing.random.PlansInProcess;

/** Runs every operation of the engine, each value in memory of its own. */
final class EveryOperation {

    private static final CudaSettings APART = CudaSettings.standard().apart();

    private EveryOperation() {}

    /** Takes how many random plans are run in each layout. */
    public static void main(String[] arguments) throws Exception {
        int plans = Integer.parseInt(arguments[0]);
        for (Precision precision : Precision.values()) {
            for (Layout layout : Layout.values()) {
                runWhole(TestPlans.classifier(false), precision, layout);
                runWhole(TestPlans.classifier(true), precision, layout);
                run(TestPlans.denseBlock(3), precision, layout, 3);
                for (int channels : new int[] {7, 32}) {
                    run(TestPlans.branches(channels), precision, layout, 1);
                    run(TestPlans.branches(channels), precision, layout, 3);
                }
            }
        }
        for (OperationCase each : OperationCase.all()) {
            OperationTrial.assertIsDefined(
                    (plan, threads) -> CudaEngine.start(plan, APART), each.operation(), each.shapes());
        }
        JqwikSession.run(() -> {
            for (Layout layout : Layout.values()) {
                List<String> findings = PlansInProcess.findings(
                        (plan, threads) -> CudaEngine.start(plan, APART, layout), 77_000_000_539L, plans);
                if (!findings.isEmpty()) {
                    throw new IllegalStateException(findings.toString());
                }
            }
        });
        System.out.println("RAN " + plans + " plans and every operation");
        System.exit(0);
    }

    private static void run(InferencePlan plan, Precision precision, Layout layout, int count)
            throws EngineUnavailableException {
        try (Engine engine = CudaEngine.start(plan, APART.withPrecision(precision), layout)) {
            engine.run(TestPlans.images(plan, count), plan.outputs().keySet());
        }
    }

    private static void runWhole(InferencePlan plan, Precision precision, Layout layout)
            throws EngineUnavailableException {
        try (CudaEngine engine = CudaEngine.start(plan, APART.withPrecision(precision), layout)) {
            DeviceValues values = (DeviceValues)
                    engine.run(TestPlans.images(plan, 5), Set.of(InferencePlan.FEATURES, InferencePlan.LOGITS));
            values.channelSums(InferencePlan.FEATURES, 1, 3, TestPlans.head(), 2, 5);
            engine.maps(TestPlans.images(plan, 2), TestPlans.head());
            engine.enlarged(() -> new float[3 * 7 * 5], 7, 5, 31, 17);
            DeviceValues kept = (DeviceValues) engine.runKeeping(
                    Map.of(InferencePlan.IMAGE, TestPlans.images(plan, 3)), Set.of(InferencePlan.FEATURES));
            kept.sumsByMeans(InferencePlan.FEATURES, kept.batch(InferencePlan.FEATURES));
            for (Interpolation interpolation : Interpolation.values()) {
                // The taps of the last photo need as many bytes as its place has.
                PixelBatch photos = PixelsTest.pixels(plan, interpolation, Fit.SQUASH, 2);
                engine.run(photos, Set.of(InferencePlan.LOGITS));
            }
        }
    }
}
