package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;

/** The choice of an engine on the command line. */
class EngineOptionTest {

    @Test
    void theNamedEngineRunsTheNetwork() {
        CommandLineRun run = CommandLineRun.of("inspect", "--engine", "java", Demo.MODEL);

        assertThat(run.status()).as(run.errors()).isZero();
        assertThat(run.output()).contains("Java (plain loops");
    }

    @Test
    void aPrecisionThatTheEngineDoesNotHaveIsRefused() {
        CommandLineRun run = CommandLineRun.of("inspect", "--engine", "java", "--precision", "bfloat16", Demo.MODEL);

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors())
                .contains("no engine can run the network here in bfloat16. Java: it computes in float32 alone.");
    }

    @Test
    void anUnknownEngineIsRefusedWithTheNamesOfTheOthers() {
        CommandLineRun run = CommandLineRun.of("inspect", "--engine", "vulkan", Demo.MODEL);

        assertThat(run.status()).isEqualTo(Cam4j.REFUSED);
        assertThat(run.errors()).contains("there is no engine 'vulkan', only ", "oneDNN", "ND4J", "Java");
    }
}
