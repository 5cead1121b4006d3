package org.cam4j.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once, so that none is broken when it is needed; what it takes is not looked at. */
class MapBenchmarkTest {

    @Test
    void everyBenchmarkRuns() throws Exception {
        List<String> benchmarks = Arrays.stream(MapBenchmark.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Benchmark.class))
                .map(method -> MapBenchmark.class.getName() + "." + method.getName())
                .toList();
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(MapBenchmark.class.getName() + "\\.")
                        .param("demo", "../cam-examples/demo")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        assertThat(results)
                .extracting(result -> result.getParams().getBenchmark())
                .containsExactlyInAnyOrderElementsOf(benchmarks);
        assertThat(benchmarks).isNotEmpty();
    }
}
