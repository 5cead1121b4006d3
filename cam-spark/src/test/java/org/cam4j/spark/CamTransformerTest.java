package org.cam4j.spark;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.explain.GradCam;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photos in tables, in one JVM with two tasks at a time, beside the library alone. */
class CamTransformerTest {

    private static final int PHOTOS = 18;

    @TempDir
    private static Path folder;

    private static Path model;
    private static PhotoFolder photos;
    private static SparkSession spark;
    private static ClassActivationMapper mapper;
    private static Map<String, Row> explained;

    @BeforeAll
    static void start() throws IOException {
        model = SmallNetwork.prepare(folder.resolve("small.cam4j"), 1);
        photos = PhotoFolder.fill(Files.createDirectory(folder.resolve("photos")), PHOTOS, 3);
        spark = TestSession.on("local[2]", folder).getOrCreate();
        mapper = ClassActivationMapper.from(model).threads(2).build();
        explained = explained(transformer(), table());
    }

    @AfterAll
    static void stop() {
        mapper.close();
        spark.stop();
    }

    private static CamTransformer transformer() {
        return new CamTransformer()
                .setModelFile(model.toString())
                .setOutputCol("cam")
                .setHandleInvalid("keep");
    }

    private static Dataset<Row> table() {
        return spark.read().format("binaryFile").load(photos.path().toString());
    }

    /** The structs by the photos' file names. */
    private static Map<String, Row> explained(CamTransformer transformer, Dataset<Row> table) {
        Map<String, Row> explained = new TreeMap<>();
        for (Row row : transformer.transform(table).select("path", "cam").collectAsList()) {
            explained.put(Path.of(row.getString(0)).getFileName().toString(), row.getStruct(1));
        }
        return explained;
    }

    private static String name(Path photo) {
        return photo.getFileName().toString();
    }

    @Test
    void numbersHaveTheBitsOfTheLibrary() {
        assertThat(explained.keySet()).hasSize(PHOTOS);
        for (Path photo : photos.good()) {
            assertSameBits(explained.get(name(photo)), mapper.explain(photo));
        }
    }

    private static void assertSameBits(Row row, Explanation expected) {
        ActivationMap map = expected.map();
        assertThat(row.<Row>getList(0))
                .singleElement()
                .isEqualTo(org.apache.spark.sql.RowFactory.create(
                        expected.prediction().index(),
                        expected.prediction().label(),
                        expected.prediction().probability(),
                        expected.prediction().logit()));
        Row stored = row.<Row>getList(1).get(0);
        assertThat(stored.getInt(0)).isEqualTo(map.prediction().index());
        assertThat(stored.getInt(1)).isEqualTo(map.height());
        assertThat(stored.getInt(2)).isEqualTo(map.width());
        assertThat(stored.<Float>getList(5)).containsExactly(boxed(map.toArray()));
        assertThat(row.<Row>getList(2).stream()
                        .map(box -> new BoundingBox(box.getInt(1), box.getInt(2), box.getInt(3), box.getInt(4))))
                .isEqualTo(Localizer.paper().box(map).stream().toList());
        assertThat(row.<Row>getList(3).stream().map(check -> check.getString(1)))
                .isEqualTo(MapCheck.of(map).warnings().stream()
                        .map(MapWarning::name)
                        .toList());
        assertThat(row.isNullAt(4)).isTrue();
        assertThat(row.getDouble(5)).isPositive();
    }

    private static Float[] boxed(float[] values) {
        Float[] boxed = new Float[values.length];
        for (int i = 0; i < values.length; i++) {
            boxed[i] = values[i];
        }
        return boxed;
    }

    @Test
    void keepsDamagedPhotosWithTheirReasons() {
        for (Path photo : photos.damaged()) {
            Row row = explained.get(name(photo));
            assertThat(row.getString(4)).contains(name(photo));
            assertThat(row.getList(0)).isEmpty();
            assertThat(row.getList(1)).isEmpty();
        }
        assertThat(explained.values().stream().filter(row -> !row.isNullAt(4)).count())
                .isEqualTo(photos.damaged().size());
    }

    @Test
    void skipsDamagedPhotosAndCountsThem() {
        CamProgress progress = CamProgress.of(spark.sparkContext());
        long photosBefore = progress.photos();
        long failuresBefore = progress.failures();

        Map<String, Row> left = explained(transformer().setHandleInvalid("skip"), table());

        assertThat(left.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        photos.good().stream().map(CamTransformerTest::name).toList());
        assertThat(progress.photos() - photosBefore).isEqualTo(PHOTOS);
        assertThat(progress.failures() - failuresBefore)
                .isEqualTo(photos.damaged().size());
        assertThat(progress.partitions()).isPositive();
    }

    @Test
    void networkSecondsArePartOfThePhotosOwnTimesAndDamagedPhotosAddNone() {
        CamProgress progress = CamProgress.of(spark.sparkContext());
        double before = progress.networkSeconds();

        double milliseconds = explained(transformer(), table()).values().stream()
                .filter(row -> row.isNullAt(4))
                .mapToDouble(row -> row.getDouble(5))
                .sum();
        double after = progress.networkSeconds();
        explained(transformer(), table().filter("path like '%damaged%'"));

        assertThat(after - before).isPositive().isLessThan(milliseconds / 1000);
        assertThat(progress.networkSeconds()).isEqualTo(after);
    }

    @Test
    void messagesNamePhotosByTheirOwnColumn() {
        Dataset<Row> table =
                table().filter("path like '%damaged%'").drop("path").withColumn("label of it", lit("no. 7"));

        List<Row> own = transformer()
                .setNameCol("label of it")
                .transform(table)
                .select("cam.error")
                .collectAsList();
        List<Row> unnamed = transformer()
                .setNameCol("absent")
                .transform(table)
                .select("cam.error")
                .collectAsList();

        assertThat(own).hasSize(photos.damaged().size()).allSatisfy(row -> assertThat(row.getString(0))
                .contains("'no. 7'"));
        assertThat(unnamed).hasSize(photos.damaged().size()).allSatisfy(row -> assertThat(row.getString(0))
                .contains("'image'"));
    }

    @Test
    void failsWithTheNameOfTheDamagedPhotoIfAsked() {
        Dataset<Row> table = transformer().setHandleInvalid("error").transform(table());

        assertThatThrownBy(table::collectAsList)
                .hasStackTraceContaining("PhotoException")
                .hasStackTraceContaining("-damaged.jpg");
    }

    @Test
    void opensTheModelOnceForAllTasks() throws IOException {
        CamProgress progress = CamProgress.of(spark.sparkContext());
        Path another = SmallNetwork.prepare(folder.resolve("another.cam4j"), 2);
        long before = progress.mappers();
        long partitionsBefore = progress.partitions();
        CamTransformer transformer = transformer().setModelFile(another.toString());

        explained(transformer, table().repartition(7));
        explained(transformer, table().repartition(5));

        assertThat(progress.partitions() - partitionsBefore).isEqualTo(12);
        assertThat(progress.mappers() - before).isEqualTo(1);
    }

    @Test
    void modelsOfOneNameAreToldApartByTheirContent() throws IOException {
        Path namesake = SmallNetwork.prepare(
                Files.createDirectory(folder.resolve("other")).resolve("small.cam4j"), 3);
        Path photo = photos.good().get(0);

        Row second = explained(transformer().setModelFile(namesake.toString()), table())
                .get(name(photo));

        try (ClassActivationMapper other = ClassActivationMapper.open(namesake)) {
            assertSameBits(second, other.explain(photo));
        }
    }

    @Test
    void explainsNamedClassesByOtherMethodsAtOtherLayers() {
        CamTransformer transformer = transformer()
                .setClasses(new String[] {"koala", "0"})
                .setMethod("grad-cam")
                .setLayer(SmallNetwork.LAYER)
                .setBoxRule("none")
                .setChecks(false);

        Path photo = photos.good().get(1);
        Row row = explained(transformer, table()).get(name(photo));

        Explanation expected = mapper.explain(photo);
        assertThat(row.<Row>getList(0).stream().map(prediction -> prediction.getInt(0)))
                .containsExactly(2, 0);
        assertThat(row.<Row>getList(1).get(1).<Float>getList(5))
                .containsExactly(
                        boxed(expected.map(0, GradCam.at(SmallNetwork.LAYER)).toArray()));
        assertThat(row.getList(2)).isEmpty();
        assertThat(row.getList(3)).isEmpty();
    }

    @Test
    void batchesGiveTheSameNumbersAndSortOutDamagedPhotos() {
        Map<String, Row> batches = explained(transformer().setBatchSize(5), table().coalesce(1));

        assertThat(batches.keySet()).isEqualTo(explained.keySet());
        batches.forEach((name, row) -> {
            for (int field = 0; field < 5; field++) {
                assertThat(row.get(field)).isEqualTo(explained.get(name).get(field));
            }
        });
    }

    @Test
    void greyPicturesHoldMapsInEightBits() throws IOException {
        Path photo = photos.good().get(0);
        Row stored = explained(transformer().setMapFormat("png8"), table())
                .get(name(photo))
                .<Row>getList(1)
                .get(0);

        ActivationMap map = mapper.explain(photo).map();
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(stored.<byte[]>getAs("picture")));
        float minimum = stored.<Float>getAs("minimum");
        float maximum = stored.<Float>getAs("maximum");
        assertThat(stored.isNullAt(5)).isTrue();
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                double value = minimum + picture.getRaster().getSample(x, y, 0) / 255.0 * (maximum - minimum);
                assertThat(value).isCloseTo(map.at(y, x), within((maximum - minimum) / 509.0));
            }
        }
    }

    @Test
    void overlaysHaveThePhotosSize() throws IOException {
        Path photo = photos.good().get(1);
        Row stored = explained(transformer().setMapFormat("overlay"), table())
                .get(name(photo))
                .<Row>getList(1)
                .get(0);

        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(stored.<byte[]>getAs("picture")));
        BufferedImage original = ImageIO.read(photo.toFile());
        assertThat(picture.getWidth()).isEqualTo(original.getWidth());
        assertThat(picture.getHeight()).isEqualTo(original.getHeight());
    }

    @Test
    void pathsAreOpenedByExecutorsAndRefusedBeyondTwoGigabytes() throws IOException {
        Path huge = folder.resolve("huge.jpg");
        try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength((1L << 31) + 10);
        }
        Path good = photos.good().get(0);
        List<String> paths = List.of(
                good.toString(), huge.toString(), folder.resolve("missing.jpg").toString());
        Dataset<Row> table = spark.createDataset(paths, Encoders.STRING()).toDF("path");

        Map<String, Row> opened = explained(transformer().setInputCol("path"), table);

        assertSameBits(opened.get(name(good)), mapper.explain(good));
        assertThat(opened.get("huge.jpg").getString(4)).contains("huge.jpg", "more than 2 GiB");
        assertThat(opened.get("missing.jpg").getString(4)).contains("missing.jpg", "cannot be opened");
    }

    @Test
    void largeJpegsThatAreNotKeptWholeHaveTheBitsOfTheLibrary() throws IOException {
        BufferedImage large = new BufferedImage(1700, 1300, BufferedImage.TYPE_3BYTE_BGR);
        BufferedImage small = ImageIO.read(photos.good().get(0).toFile());
        large.getGraphics().drawImage(small, 0, 0, large.getWidth(), large.getHeight(), null);
        Path photo = Files.createDirectory(folder.resolve("large")).resolve("large.jpg");
        ImageIO.write(large, "jpeg", photo.toFile());
        Dataset<Row> table =
                spark.read().format("binaryFile").load(photo.getParent().toString());

        for (int batch = 1; batch <= 2; batch++) {
            Row row = explained(transformer().setBatchSize(batch), table).get(name(photo));
            assertSameBits(row, mapper.explain(photo));
        }
    }

    @Test
    void photosBeyondTheLimitOfPixelsAreInvalid() {
        Map<String, Row> refused = explained(transformer().setMaxPixels(1000), table());

        assertThat(refused.values()).allMatch(row -> !row.isNullAt(4));
    }

    @Test
    void sparksImageStructsAreExplained() throws IOException {
        Path alone = Files.createDirectory(folder.resolve("images"));
        Path photo = Files.copy(photos.good().get(0), alone.resolve("photo.jpg"));
        Dataset<Row> table = spark.read().format("image").load(alone.toString());

        Row row = transformer()
                .setInputCol("image")
                .transform(table)
                .select("cam")
                .first()
                .getStruct(0);

        assertSameBits(row, mapper.explain(ImageIO.read(photo.toFile())));
    }

    @Test
    void savedTransformersKeepTheirParameters() throws IOException {
        CamTransformer saved = transformer()
                .setTopK(3)
                .setClasses(new String[] {"macaw"})
                .setBoxRule("relative:0.35")
                .setMapFormat("png8")
                .setBatchSize(4)
                .setThreadsPerTask(2)
                .setMaxPixels(12_000_000)
                .setNameCol("title")
                .setChecks(false);
        Path file = folder.resolve("transformer");
        saved.save(file.toString());

        CamTransformer loaded = CamTransformer.load(file.toString());

        assertThat(loaded.uid()).isEqualTo(saved.uid());
        assertThat(loaded.settings()).isEqualTo(saved.settings());
        assertThat(loaded.getModelFile()).isEqualTo(model.toString());
        assertThat(loaded.getOutputCol()).isEqualTo("cam");
        assertThat(loaded.getNameCol()).isEqualTo("title");
        assertThat(saved.copy(org.apache.spark.ml.param.ParamMap.empty()).settings())
                .isEqualTo(saved.settings());
    }

    @Test
    void pipelinesWithTransformersAreSavedAndLoaded() throws IOException {
        PipelineModel saved =
                new Pipeline().setStages(new PipelineStage[] {transformer()}).fit(table());
        Path file = folder.resolve("pipeline");
        saved.save(file.toString());

        Dataset<Row> explained = PipelineModel.load(file.toString()).transform(table());

        assertThat(explained.filter("cam.error is null").count())
                .isEqualTo(photos.good().size());
    }

    @Test
    void plainFunctionsExplainCollections() throws IOException {
        Path photo = photos.good().get(0);
        NamedPhoto named = new NamedPhoto("a photo", Files.readAllBytes(photo));
        NamedPhoto damaged = new NamedPhoto("another", new byte[] {1, 2, 3});
        PhotoFunction function = transformer().photoFunction(spark);

        List<Row> rows = new org.apache.spark.api.java.JavaSparkContext(spark.sparkContext())
                .parallelize(List.of(named, damaged), 1)
                .mapPartitions(function)
                .collect();

        assertSameBits(rows.get(0), mapper.explain(photo));
        assertThat(rows.get(1).getString(4)).contains("another");
        assertThat(rows.get(0).schema()).isNull();
        assertThat(function.schema().fieldNames())
                .containsExactly("predictions", "maps", "boxes", "checks", "error", "milliseconds");
    }

    @Test
    void refusesWhatDoesNotFitBeforeAnyPhotoIsRead() {
        Dataset<Row> table = table();

        assertThatThrownBy(() -> transformer().setInputCol("picture").transform(table))
                .hasMessageContaining("'picture'")
                .hasMessageContaining("path, modificationTime, length, content");
        assertThatThrownBy(() -> transformer().setInputCol("length").transform(table))
                .hasMessageContaining("bigint");
        assertThatThrownBy(() -> transformer().setOutputCol("length").transform(table))
                .hasMessageContaining("already");
        assertThatThrownBy(() -> transformer().setMethod("grad-map").transform(table))
                .hasMessageContaining("no method 'grad-map'");
        assertThatThrownBy(() -> transformer().setLayer("conv9").transform(table))
                .hasMessageContaining("no layer 'conv9'");
        assertThatThrownBy(() -> transformer().setClasses(new String[] {"5"}).transform(table))
                .hasMessageContaining("0 to 4");
        assertThatThrownBy(() -> transformer().setModelFile("nowhere.cam4j").transform(table))
                .hasMessageContaining("no model 'nowhere.cam4j'");
        assertThatThrownBy(() -> new CamTransformer().transform(table)).hasMessageContaining("no model is set");
        assertThatThrownBy(() -> transformer().setTopK(0).transform(table)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> transformer().setMapFormat("gif").transform(table))
                .hasMessageContaining("raw, png8");
        assertThatThrownBy(() -> transformer().setHandleInvalid("drop").transform(table))
                .hasMessageContaining("error, skip, keep");
        assertThatThrownBy(() -> transformer().setBoxRule("relative:1.5").transform(table))
                .hasMessageContaining("1.5");
    }
}
