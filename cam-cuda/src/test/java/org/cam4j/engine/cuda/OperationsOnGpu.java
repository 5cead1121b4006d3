package org.cam4j.engine.cuda;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.testing.random.OperationCase;
import org.cam4j.testing.random.OperationTrial;

/**
 * Every operation on the GPU in the layouts of its precision, against its definition in double precision. Started by {@code cam-benchmarks/gpu/run.sh}; each
 * line of output begins with what it is.
 */
public final class OperationsOnGpu {

    private final Precision precision;
    private final long end;
    private int run;
    private int failed;

    private OperationsOnGpu(Precision precision, long end) {
        this.precision = precision;
        this.end = end;
    }

    /** Takes precisions, and seconds for all of them. */
    public static void main(String[] arguments) throws Exception {
        List<Precision> precisions = Arrays.stream(arguments[0].split(","))
                .map(name -> Precision.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
        long end = System.nanoTime() + (long) (Double.parseDouble(arguments[1]) * 1e9);
        for (Precision precision : precisions) {
            new OperationsOnGpu(precision, end).run();
        }
        System.exit(0);
    }

    private void run() {
        CudaSettings settings = CudaSettings.standard().withPrecision(precision);
        // Holds what engines share, which would be made anew for each operation.
        try (CudaEngine holding = CudaEngine.start(TestPlans.classifier(false), settings)) {
            long start = System.nanoTime();
            // Planes are for floats alone.
            List<Layout> layouts = precision == Precision.EXACT ? List.of(Layout.values()) : List.of(Layout.ROWS);
            for (OperationCase each : OperationCase.all()) {
                for (Layout layout : layouts) {
                    if (System.nanoTime() < end) {
                        run(each, layout, settings);
                    }
                }
            }
            for (Layout layout : layouts) {
                for (int channels : new int[] {7, 32}) {
                    concatenations(TestPlans.branches(channels), layout, settings);
                }
                concatenations(TestPlans.denseBlock(32), layout, settings);
            }
            int all = (OperationCase.all().size() + 3) * layouts.size();
            double seconds = (System.nanoTime() - start) / 1e9;
            say(
                    "OPS",
                    "%d of %d right, of %d; %.1f s on %s".formatted(run - failed, run, all, seconds, holding.name()));
        } catch (EngineUnavailableException | RuntimeException e) {
            say("FAIL", e.toString());
        }
    }

    private void run(OperationCase each, Layout layout, CudaSettings settings) {
        run++;
        try {
            Optional<String> finding = OperationTrial.finding(
                    (plan, threads) -> CudaEngine.start(plan, settings, layout),
                    each.operation(),
                    each.shapes(),
                    bound());
            if (finding.isPresent()) {
                failed++;
                say("FAIL", layout + " " + finding.get());
            }
        } catch (EngineUnavailableException | RuntimeException | Error e) {
            failed++;
            say("FAIL", layout + " " + each.operation().describe() + " of " + each.shapes() + ": " + e);
        }
    }

    /** Parts of concatenations that are written where they belong must have the bits of copied ones. */
    private void concatenations(InferencePlan plan, Layout layout, CudaSettings settings) {
        if (System.nanoTime() >= end) {
            return;
        }
        run++;
        try {
            Optional<String> finding = ConcatenationTrial.finding(plan, layout, settings);
            if (finding.isPresent()) {
                failed++;
                say("FAIL", layout + " " + finding.get());
            }
        } catch (EngineUnavailableException | RuntimeException | Error e) {
            failed++;
            say("FAIL", layout + " concatenations: " + e);
        }
    }

    /** Of a number's error: algorithms that transform images round more than a sum does. */
    private double bound() {
        return switch (precision) {
            case EXACT -> 1e-5;
            case TF32, FP16 -> 1e-2;
            case BF16 -> 1e-1;
        };
    }

    private void say(String tag, String text) {
        System.out.printf("%-6s %-17s %-10s %s%n", tag, "operations", precision, text);
        System.out.flush();
    }
}
