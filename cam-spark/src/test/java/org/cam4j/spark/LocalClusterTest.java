package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Photos on two executors in JVMs of their own, one of which is killed.
 *
 * <p>{@code -Dcam4j.spark.photos=2000 -Dcam4j.spark.model=FILE} runs many photos through a prepared model; the usual run is small.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LocalClusterTest {

    private static final int EXECUTORS = 2;
    private static final int PHOTOS = Integer.getInteger("cam4j.spark.photos", 16);

    @TempDir
    private static Path folder;

    private static Path model;
    private static PhotoFolder photos;
    private static SparkSession spark;
    private static Map<String, Expected> library;

    @BeforeAll
    static void start() throws IOException {
        String given = System.getProperty("cam4j.spark.model", "");
        model = given.isEmpty() ? SmallNetwork.prepare(folder.resolve("small.cam4j"), 1) : Path.of(given);
        photos = PhotoFolder.fill(Files.createDirectory(folder.resolve("photos")), PHOTOS, Math.max(2, PHOTOS / 100));
        spark = TestSession.on("local-cluster[" + EXECUTORS + ",1,2048]", folder)
                .config("spark.executor.memory", "2g")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config(
                        "spark.executor.extraJavaOptions",
                        // C1 alone: most of a small run's time goes to starting.
                        "-Djava.awt.headless=true" + (given.isEmpty() ? " -XX:TieredStopAtLevel=1" : ""))
                .config("spark.task.maxFailures", 8)
                .getOrCreate();
        library = library();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Dataset<Row> table() {
        return spark.read().format("binaryFile").load(photos.path().toString()).repartition(Math.max(8, PHOTOS / 50));
    }

    private static Map<String, Row> explained(Dataset<Row> table) {
        CamTransformer transformer = new CamTransformer()
                .setModelFile(model.toString())
                .setOutputCol("cam")
                .setHandleInvalid("keep");
        Map<String, Row> explained = new TreeMap<>();
        for (Row row : transformer.transform(table).select("path", "cam").collectAsList()) {
            explained.put(Path.of(row.getString(0)).getFileName().toString(), row.getStruct(1));
        }
        return explained;
    }

    /** What the library says of a photo. */
    private record Expected(String label, double logit, float[] values) {}

    /** Explains the photos that are not damaged with one core, as each executor has. */
    private static Map<String, Expected> library() {
        Map<String, Expected> expected = new TreeMap<>();
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(model).threads(1).build()) {
            for (Path photo : photos.good()) {
                Explanation explanation = mapper.explain(photo);
                Prediction best = explanation.prediction();
                expected.put(
                        photo.getFileName().toString(),
                        new Expected(
                                best.label(), best.logit(), explanation.map().toArray()));
            }
        }
        return expected;
    }

    private static void assertLikeTheLibrary(Map<String, Row> explained) {
        assertThat(explained.keySet()).hasSize(PHOTOS);
        library.forEach((name, expected) -> {
            Row row = explained.get(name);
            Row prediction = row.<Row>getList(0).get(0);
            assertThat(prediction.getString(1)).isEqualTo(expected.label());
            assertThat(prediction.getDouble(3)).isEqualTo(expected.logit());
            assertThat(values(row)).isEqualTo(expected.values());
        });
        for (Path photo : photos.damaged()) {
            String name = photo.getFileName().toString();
            assertThat(explained.get(name).getString(4)).contains(name);
        }
    }

    private static float[] values(Row row) {
        List<Float> values = row.<Row>getList(1).get(0).getList(5);
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    @Test
    @Order(1)
    void executorsGiveTheBitsOfTheLibraryWithOneMapperEach() {
        assertLikeTheLibrary(explained(table()));

        CamProgress progress = CamProgress.of(spark.sparkContext());
        assertThat(progress.mappers()).isEqualTo(EXECUTORS);
        assertThat(progress.photos()).isEqualTo(PHOTOS);
        assertThat(progress.failures()).isEqualTo(photos.damaged().size());
    }

    @Test
    @Order(2)
    void photosOfAKilledExecutorAreExplainedAgainWithTheSameResults() {
        String killed = folder.resolve("killed").toString();
        List<String> victims = new ArrayList<>(photos.good().stream()
                .map(photo -> photo.getFileName().toString())
                .toList());
        String victim = victims.get(victims.size() / 2);
        Dataset<Row> table = table();
        Dataset<Row> deadly = table.map(
                (MapFunction<Row, Row>) row -> {
                    if (row.getString(0).endsWith(victim)) {
                        haltOnce(killed);
                    }
                    return row;
                },
                Encoders.row(table.schema()));

        assertLikeTheLibrary(explained(deadly));
        assertThat(Path.of(killed)).exists();
    }

    /** Ends this JVM as a crash would, the first time. */
    private static void haltOnce(String marker) throws IOException {
        try {
            Files.createFile(Path.of(marker));
        } catch (FileAlreadyExistsException e) {
            return;
        }
        Runtime.getRuntime().halt(1);
    }
}
