package org.cam4j.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanLimits;
import org.cam4j.plan.operation.TooLargeException;

/** Chooses the engine that runs a network: the one that the settings name, otherwise the highest-ranked one that can run it. */
public final class Engines {

    /** Modules that bring engines besides those of cam-core, by the engine's name in lower case. */
    private static final Map<String, String> MODULES =
            Map.of("cuda", "org.cam4j:cam-cuda", "onnxruntime", "org.cam4j:cam-onnxruntime");

    private Engines() {}

    /** Returns the module that brings an engine, if it is one of cam4j's. */
    static Optional<String> module(String engine) {
        return Optional.ofNullable(MODULES.get(engine.toLowerCase(Locale.ROOT)));
    }

    /**
     * Starts the highest-ranked engine that can run a plan on this machine.
     *
     * @param plan the plan to run
     * @param settings the application's settings
     * @return a running engine; a {@link FallbackEngine} if an engine of a higher rank could not run the plan
     * @throws UnsupportedModelException if the plan exceeds {@link PlanLimits}; thrown before anything is allocated
     * @throws BackendException if the engine named in the settings is missing or cannot run the plan
     */
    public static Engine of(InferencePlan plan, EngineSettings settings) {
        return of(plan, settings, Optional.empty(), false);
    }

    /**
     * Starts the highest-ranked engine that can run a plan on this machine; an engine that fits the packed weights is tried first, but for
     * those that {@linkplain EngineProvider#outranksPacking outrank} it.
     *
     * @param plan the plan to run
     * @param settings the application's settings
     * @param packing from {@link Engine#showPacking}; its memory must stay valid as long as the engine runs
     * @param isAllThereIs whether the plan has no weights of its own
     * @return a running engine; a {@link FallbackEngine} if an engine of a higher rank could not run the plan
     * @throws UnsupportedModelException if the plan exceeds {@link PlanLimits}; thrown before anything is allocated
     * @throws BackendException if the engine named in the settings is missing or cannot run the plan
     * @throws IllegalArgumentException if the packing is damaged
     */
    public static Engine of(
            InferencePlan plan, EngineSettings settings, Optional<Packing> packing, boolean isAllThereIs) {
        return of(plan, settings, packing, isAllThereIs, providers(settings));
    }

    static Engine of(
            InferencePlan plan,
            EngineSettings settings,
            Optional<Packing> packing,
            boolean isAllThereIs,
            List<EngineProvider> providers) {
        check(plan, settings);
        List<EngineProvider> ordered = new ArrayList<>(providers);
        packing.ifPresent(packed -> {
            Predicate<EngineProvider> isFirst =
                    provider -> (provider.outranksPacking() && !isAllThereIs) || fits(provider, settings, packed);
            ordered.sort((one, other) -> Boolean.compare(isFirst.test(other), isFirst.test(one)));
        });
        List<String> reasons = new ArrayList<>();
        EngineUnavailableException last = null;
        List<EngineProvider> able = ordered.stream()
                .filter(provider -> provider.computesIn(settings.precision()))
                .toList();
        for (EngineProvider provider : able) {
            try {
                Engine engine = provider.start(plan, settings, packing);
                return reasons.isEmpty() ? engine : new FallbackEngine(engine, String.join("; ", reasons));
            } catch (EngineUnavailableException e) {
                reasons.add(provider.name() + ": " + e.getMessage());
                last = e;
            }
        }
        ordered.stream()
                .filter(provider -> !able.contains(provider))
                .forEach(provider -> reasons.add(provider.name() + ": it computes in float32 alone"));
        String remedy = settings.precision() == Precision.FLOAT32
                ? "Name no engine, or another one with MapperBuilder.engine."
                : "Leave the precision at float32.";
        throw new BackendException(
                "no engine can run the network here"
                        + (settings.precision() == Precision.FLOAT32
                                ? ""
                                : " in " + settings.precision().word()) + ". "
                        + String.join("; ", reasons) + ". " + remedy,
                last);
    }

    /** Checks a plan's limits; every plan passes here before it reaches an engine. */
    private static void check(InferencePlan plan, EngineSettings settings) {
        try {
            PlanLimits.check(plan, settings.maxBytes());
        } catch (TooLargeException e) {
            throw new UnsupportedModelException("the network is too large: " + e.getMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException("no engine runs the network: " + e.getMessage() + ".", e);
        }
    }

    private static boolean fits(EngineProvider provider, EngineSettings settings, Packing packing) {
        try {
            return provider.fit(settings).equals(packing.fits());
        } catch (EngineUnavailableException e) {
            return false;
        }
    }

    /**
     * Returns the key that packed weights must carry to be used on this machine.
     *
     * @param settings the application's settings
     * @return as in {@link Packing#fits()}, or the reason why no packed weights are used
     */
    public static String fit(EngineSettings settings) {
        List<String> reasons = new ArrayList<>();
        for (EngineProvider provider : providers(settings)) {
            try {
                return provider.fit(settings);
            } catch (EngineUnavailableException e) {
                reasons.add(provider.name() + ": " + e.getMessage());
            }
        }
        return String.join("; ", reasons);
    }

    /** Returns the providers that the settings allow, the highest rank first. */
    private static List<EngineProvider> providers(EngineSettings settings) {
        List<EngineProvider> all = new ArrayList<>();
        try {
            ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader())
                    .forEach(all::add);
        } catch (ServiceConfigurationError e) {
            throw new BackendException(
                    "an engine cannot be loaded: " + e.getMessage() + ". Take all modules of cam4j in one version.", e);
        }
        // Comparator's own methods take three milliseconds the first time.
        all.sort((one, other) -> Integer.compare(other.rank(), one.rank()));
        if (all.isEmpty()) {
            throw new BackendException(
                    "no engine is on the classpath: META-INF/services/" + EngineProvider.class.getName()
                            + " is missing. Where jars are merged into one, merge their service files too.");
        }
        if (settings.engine().isEmpty()) {
            return all;
        }
        String wanted = settings.engine().get();
        List<EngineProvider> named = all.stream()
                .filter(provider -> provider.name().equalsIgnoreCase(wanted))
                .toList();
        if (named.isEmpty()) {
            throw new BackendException("there is no engine '" + wanted + "', only "
                    + all.stream().map(EngineProvider::name).collect(Collectors.joining(", ")) + ": choose one of them"
                    + module(wanted)
                            .map(module -> ", or add the module " + module + ", which brings it.")
                            .orElse("."));
        }
        return named;
    }
}
