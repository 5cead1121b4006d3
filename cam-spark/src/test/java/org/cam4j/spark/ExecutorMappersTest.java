package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.ModelFileException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mappers that tasks share, opened once and closed some time after the last task. */
class ExecutorMappersTest {

    @TempDir
    private static Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TestSession.on("local[1]", folder).getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static ShippedModel shipped(int seed) throws IOException {
        return ModelShipment.ship(
                spark.sparkContext(),
                SmallNetwork.prepare(folder.resolve("model-" + seed + ".cam4j"), seed)
                        .toString());
    }

    @Test
    void tasksShareAMapperAndTheLongestUnusedOnesAreClosed() throws IOException {
        AtomicInteger opened = new AtomicInteger();
        ShippedModel used = shipped(10);
        ExecutorMappers.Lease first = ExecutorMappers.lease(used, 1, opened::incrementAndGet);
        ExecutorMappers.Lease second = ExecutorMappers.lease(used, 1, opened::incrementAndGet);
        assertThat(second.mapper()).isSameAs(first.mapper());
        assertThat(opened).hasValue(1);
        first.close();
        first.close();

        List<ClassActivationMapper> others = new ArrayList<>();
        for (int seed = 11; seed < 14; seed++) {
            try (ExecutorMappers.Lease lease = ExecutorMappers.lease(shipped(seed), 1, opened::incrementAndGet)) {
                others.add(lease.mapper());
            }
        }

        // The first of three unused ones is closed; the one in use is not, though it is older.
        assertThatThrownBy(() -> others.get(0).labels()).isInstanceOf(IllegalStateException.class);
        assertThat(others.get(1).labels().size()).isEqualTo(5);
        assertThat(others.get(2).labels().size()).isEqualTo(5);
        assertThat(second.mapper().labels().size()).isEqualTo(5);
        second.close();
        assertThat(opened).hasValue(4);
    }

    @Test
    void refusesAFileThatIsNotTheDriversAndOpensItOnceItIs() throws IOException {
        ShippedModel model = shipped(20);
        Path file = Path.of(org.apache.spark.SparkFiles.get(model.fileName()));
        byte[] content = Files.readAllBytes(file);
        Files.delete(file);
        Files.write(file, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> ExecutorMappers.lease(model, 1, () -> {}))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(model.sha256());

        Files.write(file, content);
        try (ExecutorMappers.Lease lease = ExecutorMappers.lease(model, 1, () -> {})) {
            assertThat(lease.mapper().labels().size()).isEqualTo(5);
        }
    }

    @Test
    void onnxFilesAreShippedAsPreparedModels() throws IOException {
        Path onnx = SmallNetwork.write(folder.resolve("plain.onnx"), 30);
        Files.writeString(folder.resolve("plain.json"), "{\"preprocessing\": \"tf\"}");

        ShippedModel model = ModelShipment.ship(spark.sparkContext(), onnx.toString());

        assertThat(model.fileName()).startsWith("plain-").endsWith(".cam4j");
        assertThat(ModelShipment.ship(spark.sparkContext(), onnx.toString())).isEqualTo(model);
        try (ClassActivationMapper mapper = ClassActivationMapper.open(model.file())) {
            assertThat(mapper.preparation()).isPresent();
        }
    }
}
