package org.cam4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL function in a session that has it by its configuration alone. */
class CamExtensionsTest {

    @TempDir
    private static Path folder;

    private static Path model;
    private static PhotoFolder photos;
    private static SparkSession spark;

    @BeforeAll
    static void start() throws IOException {
        model = SmallNetwork.prepare(folder.resolve("small.cam4j"), 1);
        photos = PhotoFolder.fill(Files.createDirectory(folder.resolve("photos")), 6, 1);
        spark = TestSession.on("local[2]", folder)
                .config("spark.sql.extensions", CamExtensions.class.getName())
                .config("spark.cam4j.modelFile", model.toString())
                .config("spark.cam4j.handleInvalid", "keep")
                .getOrCreate();
        spark.read().format("binaryFile").load(photos.path().toString()).createOrReplaceTempView("photos");
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @AfterEach
    void forget() {
        for (String name : List.of("topK", "classes", "mapFormat", "layer")) {
            spark.conf().unset("spark.cam4j." + name);
        }
    }

    @Test
    void queriesHaveTheNumbersOfTheLibrary() {
        List<Row> rows = spark.sql("SELECT path, cam.predictions[0].logit, cam.maps[0].values, cam.error"
                        + " FROM (SELECT path, cam4j_explain(content) AS cam FROM photos)"
                        + " WHERE cam.error IS NULL ORDER BY path")
                .collectAsList();

        assertThat(rows).hasSameSizeAs(photos.good());
        try (ClassActivationMapper mapper = ClassActivationMapper.open(model)) {
            for (int i = 0; i < rows.size(); i++) {
                Explanation expected = mapper.explain(photos.good().get(i));
                assertThat(rows.get(i).getDouble(1))
                        .isEqualTo(expected.prediction().logit());
                assertThat(rows.get(i).<Float>getList(2))
                        .hasSize(144)
                        .startsWith(expected.map().at(0, 0));
            }
        }
    }

    @Test
    void photosAreExplainedOnceHoweverManyFieldsAreRead() {
        CamProgress progress = CamProgress.of(spark.sparkContext());
        long before = progress.photos();

        spark.sql("SELECT cam.error, cam.boxes, cam.checks FROM (SELECT cam4j_explain(content) AS cam FROM photos)"
                        + " WHERE cam.milliseconds > 0")
                .collectAsList();

        assertThat(progress.photos() - before).isEqualTo(6);
    }

    @Test
    void damagedPhotosHaveAReasonAndNullsAreNull() {
        List<Row> reasons = spark.sql("SELECT cam.error FROM (SELECT cam4j_explain(content) AS cam FROM photos)"
                        + " WHERE cam.error IS NOT NULL")
                .collectAsList();

        assertThat(reasons).singleElement().satisfies(row -> assertThat(row.getString(0))
                .contains("damaged or cut short"));
        assertThat(spark.sql("SELECT cam4j_explain(CAST(NULL AS BINARY))")
                        .first()
                        .isNullAt(0))
                .isTrue();
    }

    @Test
    void parametersAreReadFromTheSession() {
        spark.sql("SET spark.cam4j.classes=koala|macaw");
        spark.sql("SET spark.cam4j.mapFormat=none");

        Row row = spark.sql("SELECT cam.predictions.index, cam.maps FROM"
                        + " (SELECT path, cam4j_explain(path) AS cam FROM photos) WHERE path LIKE '%00000%'")
                .first();

        assertThat(row.<Integer>getList(0)).containsExactly(2, 4);
        assertThat(row.getList(1)).isEmpty();
    }

    @Test
    void refusesParametersAndArgumentsThatDoNotFit() {
        assertThatThrownBy(() -> spark.sql("SELECT cam4j_explain(length) FROM photos"))
                .hasStackTraceContaining("bigint");
        assertThatThrownBy(() -> spark.sql("SELECT cam4j_explain(content, path) FROM photos"))
                .hasStackTraceContaining("2 arguments");
        spark.conf().set("spark.cam4j.topK", "many");
        assertThatThrownBy(() -> spark.sql("SELECT cam4j_explain(content) FROM photos"))
                .hasStackTraceContaining("whole number");
    }
}
