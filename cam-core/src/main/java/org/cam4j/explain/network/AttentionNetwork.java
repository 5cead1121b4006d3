package org.cam4j.explain.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cam4j.engine.Batch;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.Values;
import org.cam4j.exception.Quoted;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.explain.Attention;
import org.cam4j.explain.ExplainedImage;
import org.cam4j.explain.Target;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.Step;
import org.cam4j.plan.adjoint.Adjoint;
import org.cam4j.plan.operation.Gates;

/**
 * The attention of a transformer's blocks, and the way back to it. One engine runs the network for all blocks; the part of a block behind its
 * attention, the head and the way back from it have engines of their own, which start when gradients are asked for. Thread-safe.
 */
final class AttentionNetwork implements AutoCloseable {

    private static final String SHARES = "shares ";

    private final AttentionBlocks blocks;
    private final TokenPlaces.Grid grid;
    private final LayerValues target;
    private final LazyEngine forward;
    private final WayBack fromScores;
    private final List<WayBack> fromBlocks = new ArrayList<>();
    private final String image;

    AttentionNetwork(InferencePlan network, TokenPlaces places, EngineSettings settings) {
        this.blocks = AttentionBlocks.find(network);
        this.target = LayerValues.find(network, ExplainedImage.TARGET_LAYER);
        int last = blocks.attention().size() - 1;
        this.grid = grid(network, places, blocks.attention().get(last));
        for (Step step : blocks.attention()) {
            if (!grid.equals(grid(network, places, step))) {
                throw new UnsupportedModelException(
                        "the attention of " + Quoted.of(step.name())
                                + " has its tokens in another order than that of the last block: choose a method of layers, such as cam.");
            }
        }
        if (grid.rows() != target.height() || grid.columns() != target.width()) {
            throw new UnsupportedModelException("the last block has tokens of " + grid.rows() + "x" + grid.columns()
                    + " cells, the target layer " + Quoted.of(target.name()) + " " + target.height() + "x"
                    + target.width() + ": choose a target layer of the blocks, or a method of layers, such as cam.");
        }
        InferencePlan plan = blocks.withScores(network);
        this.image = plan.inputs().keySet().iterator().next();
        Map<String, Integer> wanted = new TreeMap<>();
        for (int block = 0; block <= last; block++) {
            int shares = blocks.attention().get(block).value();
            wanted.put(SHARES + block, shares);
            WayBack wayBack = new WayBack(plan, plan.output(AttentionBlocks.scores(block)), shares, settings);
            wanted.putAll(wayBack.others());
            fromBlocks.add(wayBack);
        }
        this.fromScores = new WayBack(
                plan,
                plan.output(InferencePlan.LOGITS),
                blocks.attention().get(last).value(),
                settings);
        wanted.putAll(fromScores.others());
        this.forward = new LazyEngine(plan.withOutputs(wanted), settings);
    }

    private static TokenPlaces.Grid grid(InferencePlan network, TokenPlaces places, Step attention) {
        return places.of(network.withOutputs(Map.of(InferencePlan.FEATURES, attention.value())))
                .orElseThrow(
                        () -> new UnsupportedModelException(
                                "the tokens that the attention of "
                                        + Quoted.of(attention.name())
                                        + " weighs are not all cells of an image, row by row: choose a method of layers, such as cam."));
    }

    /** An image's numbers in the network, from which its attention and gradients come. */
    final class Run {

        private final Map<String, Batch> values = new HashMap<>();

        private Run(Batch input) {
            Values found = forward.runKeeping(List.of(Map.of(image, input)));
            forward.outputs().forEach(name -> values.put(name, found.batch(name)));
        }

        Attention attention() {
            List<Attention.Block> all = new ArrayList<>();
            for (int block = 0; block < blocks.attention().size(); block++) {
                Step step = blocks.attention().get(block);
                float[] shares = values.get(SHARES + block).numbers();
                all.add(new Attention.Block(step.name(), shares.length / blocks.tokens() / blocks.tokens(), shares));
            }
            return new Attention(target.name(), grid.rows(), grid.columns(), grid.prefix(), read(), all);
        }

        /** The tokens whose attention in the last block moves the first score are those that the head reads. */
        private boolean[] read() {
            int last = blocks.attention().size() - 1;
            float[] gradient = fromScores.gradient(values, values.get(SHARES + last), Target.logit(0));
            boolean[] read = new boolean[blocks.tokens()];
            for (int i = 0; i < gradient.length; i++) {
                read[i / read.length % read.length] |= gradient[i] != 0;
            }
            return read;
        }

        List<float[]> gradients(Target of) {
            List<float[]> gradients = new ArrayList<>();
            for (int block = 0; block < fromBlocks.size(); block++) {
                gradients.add(fromBlocks.get(block).gradient(values, values.get(SHARES + block), of));
            }
            return gradients;
        }
    }

    Run run(Batch input) {
        return new Run(input);
    }

    @Override
    public void close() {
        forward.close();
        fromScores.close();
        fromBlocks.forEach(WayBack::close);
    }

    /** The way from a block's attention to scores, and back. */
    private static final class WayBack implements AutoCloseable {

        private final PlanBehind behind;
        private final LazyEngine keeping;
        private final LazyEngine back;

        WayBack(InferencePlan plan, int scores, int shares, EngineSettings settings) {
            Adjoint adjoint = Adjoint.of(plan, scores, List.of(shares), Gates.DIFFERENTIATED);
            Map<String, Integer> wanted = new LinkedHashMap<>();
            wanted.put(InferencePlan.LOGITS, scores);
            adjoint.kept().forEach(name -> wanted.put(name, adjoint.forward().output(name)));
            this.behind = PlanBehind.of(adjoint.forward(), List.of(shares), wanted);
            this.keeping = new LazyEngine(behind.plan(), settings);
            this.back = new LazyEngine(adjoint.backward(), settings);
        }

        /** Numbers of the values that are read of the network besides the shares, by name. */
        Map<String, Integer> others() {
            Map<String, Integer> others = new HashMap<>(behind.others());
            others.putAll(behind.before());
            return others;
        }

        float[] gradient(Map<String, Batch> values, Batch shares, Target of) {
            Map<String, Batch> inputs = new HashMap<>(values);
            inputs.put(PlanBehind.input(0), shares);
            Values kept = keeping.runKeeping(List.of(inputs));
            try {
                keeping.outputs().forEach(name -> inputs.put(name, kept.batch(name)));
                inputs.put(Adjoint.SEED, LazyEngine.single(of.seed(kept.host(InferencePlan.LOGITS))));
                return back.run(List.of(inputs)).host(Adjoint.GRADIENT);
            } finally {
                kept.release();
            }
        }

        @Override
        public void close() {
            keeping.close();
            back.close();
        }
    }
}
