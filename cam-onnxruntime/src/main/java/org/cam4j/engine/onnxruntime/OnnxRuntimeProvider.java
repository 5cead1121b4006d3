package org.cam4j.engine.onnxruntime;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cam4j.engine.Engine;
import org.cam4j.engine.EngineProvider;
import org.cam4j.engine.EngineSettings;
import org.cam4j.engine.EngineUnavailableException;
import org.cam4j.engine.Packing;
import org.cam4j.plan.InferencePlan;

/** Starts {@link OnnxRuntimeEngine}: before oneDNN where oneDNN has no kernels for the processor, after it elsewhere. */
public final class OnnxRuntimeProvider implements EngineProvider {

    private static final Set<String> ONEDNN_HAS = Set.of("amd64", "x86_64", "x86-64");

    private static final int BEFORE_ONEDNN = 250;

    private static final int AFTER_ONEDNN = 150;

    private final String processor;

    /** For {@link java.util.ServiceLoader}. */
    public OnnxRuntimeProvider() {
        this(System.getProperty("os.arch"));
    }

    /** @param processor as the system property {@code os.arch} names it */
    OnnxRuntimeProvider(String processor) {
        this.processor = processor;
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public int rank() {
        return ONEDNN_HAS.contains(processor.toLowerCase(Locale.ROOT)) ? AFTER_ONEDNN : BEFORE_ONEDNN;
    }

    @Override
    public Engine start(InferencePlan plan, EngineSettings settings, Optional<Packing> packing)
            throws EngineUnavailableException {
        return OnnxRuntimeEngine.start(plan, settings.threads());
    }
}
