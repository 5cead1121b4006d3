package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The cores that Spark fills with tasks, from what each kind of cluster says of them. */
class TaskCoresTest {

    private static final String EXECUTOR =
            "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url spark://d:1 --executor-id 0 --cores 3 --app-id a";

    @Test
    void localMastersSayHowManyTasksRun() {
        assertThat(TaskCores.cores("local", "", 0, 8)).isEqualTo(1);
        assertThat(TaskCores.cores("local[2]", "", 0, 8)).isEqualTo(2);
        assertThat(TaskCores.cores("local[4, 2]", "", 0, 8)).isEqualTo(4);
        assertThat(TaskCores.cores("local[*]", "", 0, 8)).isEqualTo(8);
        assertThat(TaskCores.cores("local[*,3]", "", 5, 8)).isEqualTo(8);
    }

    @Test
    void executorsAreStartedWithTheirCores() {
        assertThat(TaskCores.cores("spark://host:7077", EXECUTOR, 0, 8)).isEqualTo(3);
        assertThat(TaskCores.cores("local-cluster[2,3,1024]", EXECUTOR, 0, 8)).isEqualTo(3);
    }

    @Test
    void otherwiseTheConfigurationOrTheMachineDecides() {
        assertThat(TaskCores.cores("yarn", "app.Main", 5, 8)).isEqualTo(5);
        assertThat(TaskCores.cores("yarn", "app.Main", 0, 8)).isEqualTo(8);
    }
}
