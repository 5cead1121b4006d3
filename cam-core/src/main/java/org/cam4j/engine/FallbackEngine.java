package org.cam4j.engine;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fallback engine whose name states why the preferred one cannot run.
 *
 * @param engine the engine that runs instead
 * @param reason why the preferred engine cannot run
 */
public record FallbackEngine(Engine engine, String reason) implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(FallbackEngine.class);

    /** Logs a warning. */
    public FallbackEngine {
        LOG.warn("The network runs on {}, slower than by the engine that could not start. {}", engine.name(), reason);
    }

    @Override
    public String name() {
        return engine.name() + " (" + reason + ")";
    }

    @Override
    public Values run(Map<String, Batch> inputs, Set<String> wanted) {
        return engine.run(inputs, wanted);
    }

    @Override
    public Values runKeeping(Map<String, Batch> inputs, Set<String> wanted) {
        return engine.runKeeping(inputs, wanted);
    }

    @Override
    public boolean takesPixels() {
        return engine.takesPixels();
    }

    @Override
    public void showPacking(Consumer<Optional<Packing>> reader) {
        engine.showPacking(reader);
    }

    @Override
    public Optional<float[]> enlarged(Supplier<float[]> maps, int rows, int columns, int height, int width) {
        return engine.enlarged(maps, rows, columns, height, width);
    }

    @Override
    public void close() {
        engine.close();
    }
}
