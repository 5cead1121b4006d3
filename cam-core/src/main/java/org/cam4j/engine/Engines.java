package org.cam4j.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanLimits;
import org.cam4j.plan.operation.TooLargeException;

/** Picks the engine that runs a network: the first by rank that can, or the one that settings name. */
public final class Engines {

    private Engines() {}

    /**
     * Starts the first engine that runs a plan here.
     *
     * @param plan what to run
     * @param settings what the application wants
     * @return a running engine; a {@link FallbackEngine} if an engine of a higher rank could not run the plan
     * @throws UnsupportedModelException if the plan is beyond {@link PlanLimits}, before anything is allocated
     * @throws BackendException if the engine that the settings name is not there or cannot run the plan
     */
    public static Engine of(InferencePlan plan, EngineSettings settings) {
        return of(plan, settings, Optional.empty());
    }

    /**
     * Starts the first engine that runs a plan here; one for which weights were packed before goes first.
     *
     * @param plan what to run
     * @param settings what the application wants
     * @param packing what {@link Engine#showPacking} gave; its memory must stay for as long as the engine runs
     * @return a running engine; a {@link FallbackEngine} if an engine of a higher rank could not run the plan
     * @throws UnsupportedModelException if the plan is beyond {@link PlanLimits}, before anything is allocated
     * @throws BackendException if the engine that the settings name is not there or cannot run the plan
     * @throws IllegalArgumentException if the packing is damaged
     */
    public static Engine of(InferencePlan plan, EngineSettings settings, Optional<Packing> packing) {
        return of(plan, settings, packing, providers(settings));
    }

    static Engine of(
            InferencePlan plan, EngineSettings settings, Optional<Packing> packing, List<EngineProvider> providers) {
        check(plan, settings);
        List<EngineProvider> ordered = new ArrayList<>(providers);
        packing.ifPresent(packed -> ordered.sort(Comparator.comparing(provider -> fits(provider, packed) ? 0 : 1)));
        List<String> reasons = new ArrayList<>();
        EngineUnavailableException last = null;
        for (EngineProvider provider : ordered) {
            try {
                Engine engine = provider.start(plan, settings, packing);
                return reasons.isEmpty() ? engine : new FallbackEngine(engine, String.join("; ", reasons));
            } catch (EngineUnavailableException e) {
                reasons.add(provider.name() + ": " + e.getMessage());
                last = e;
            }
        }
        throw new BackendException(
                "no engine can run the network here. " + String.join("; ", reasons)
                        + ". Name no engine, or another one with MapperBuilder.engine.",
                last);
    }

    /** The one place through which every plan goes before an engine. */
    private static void check(InferencePlan plan, EngineSettings settings) {
        try {
            PlanLimits.check(plan, settings.maxBytes());
        } catch (TooLargeException e) {
            throw new UnsupportedModelException("the network is too large: " + e.getMessage() + ".", e);
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException("no engine runs the network: " + e.getMessage() + ".", e);
        }
    }

    private static boolean fits(EngineProvider provider, Packing packing) {
        try {
            return provider.fit().equals(packing.fits());
        } catch (EngineUnavailableException e) {
            return false;
        }
    }

    /**
     * What packed weights must say to be used here.
     *
     * @param settings what the application wants
     * @return as in {@link Packing#fits()}, or why none are used
     */
    public static String fit(EngineSettings settings) {
        List<String> reasons = new ArrayList<>();
        for (EngineProvider provider : providers(settings)) {
            try {
                return provider.fit();
            } catch (EngineUnavailableException e) {
                reasons.add(provider.name() + ": " + e.getMessage());
            }
        }
        return String.join("; ", reasons);
    }

    /** Those that the settings allow, the highest rank first. */
    private static List<EngineProvider> providers(EngineSettings settings) {
        List<EngineProvider> all = new ArrayList<>();
        try {
            ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader())
                    .forEach(all::add);
        } catch (ServiceConfigurationError e) {
            throw new BackendException(
                    "an engine cannot be loaded: " + e.getMessage() + ". Take all modules of cam4j in one version.", e);
        }
        all.sort(Comparator.comparingInt(EngineProvider::rank).reversed());
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
                    + all.stream().map(EngineProvider::name).collect(Collectors.joining(", "))
                    + ": choose one of them, or add the module that brings it.");
        }
        return named;
    }
}
