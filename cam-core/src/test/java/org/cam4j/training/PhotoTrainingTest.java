package org.cam4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.TestNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.schedule.FixedSchedule;

class PhotoTrainingTest {

    private static final TrainingSettings SETTINGS =
            TrainingSettings.standard().withEpochs(40).withLearningRate(new FixedSchedule(0.02));

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void paint() throws IOException {
        root = folder.resolve("photos");
        Random random = new Random(4);
        for (String name : List.of("blue", "green", "red")) {
            Path photos = Files.createDirectories(root.resolve(name));
            for (int i = 0; i < 6; i++) {
                BufferedImage photo = new BufferedImage(30, 26, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = photo.createGraphics();
                graphics.setColor(new Color(
                        (name.equals("red") ? 180 : 20) + random.nextInt(50),
                        (name.equals("green") ? 180 : 20) + random.nextInt(50),
                        (name.equals("blue") ? 180 : 20) + random.nextInt(50)));
                graphics.fillRect(0, 0, 30, 26);
                graphics.dispose();
                ImageIO.write(photo, "png", photos.resolve(i + ".png").toFile());
            }
        }
    }

    private static GapNetwork network(CNN2DFormat format) {
        return new GapNetwork(
                TestNetworks.gap(format),
                Labels.of("a", "b", "c", "d", "e"),
                new ImagePreparation(
                        TestNetworks.HEIGHT,
                        TestNetworks.WIDTH,
                        3,
                        Preprocessing.TF,
                        Interpolation.BILINEAR,
                        Fit.SQUASH));
    }

    private PhotoSet.Split photos() {
        return PhotoSet.ofFolders(root).split(0.34, 1);
    }

    /** The head, some layers in both layouts, and everything. */
    @ParameterizedTest
    @CsvSource({"NHWC,", "NHWC,conv3", "NCHW,conv3", "NCHW,pool2", "NHWC,conv1"})
    void aNetworkLearnsTheClassesOfAFolder(CNN2DFormat format, String from) {
        PhotoTraining training = PhotoTraining.of(network(format)).settings(SETTINGS);
        if (from != null) {
            training.from(from);
        }

        TrainedNetwork trained = training.train(photos());

        assertThat(trained.network().labels().names()).containsExactly("blue", "green", "red");
        assertThat(trained.best().validationAccuracy()).isEqualTo(1);
        try (ClassActivationMapper mapper = trained.network().mapper()) {
            for (String name : trained.network().labels().names()) {
                assertThat(mapper.explain(root.resolve(name).resolve("3.png"))
                                .prediction()
                                .label())
                        .isEqualTo(name);
            }
        }
        assertThat(trained.network()
                        .graph()
                        .getLayer("conv1")
                        .getParam("W")
                        .equals(network(format).graph().getLayer("conv1").getParam("W")))
                .isEqualTo(!"conv1".equals(from));
    }

    @Test
    void featuresAreComputedOnceForAPhotoAndItsViews() throws IOException {
        Path cache = folder.resolve("cache");
        TrainedNetwork first = cached(cache, SETTINGS, Augmentation.STANDARD);
        List<Path> files = files(cache);
        for (Path file : files) {
            Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        }

        TrainedNetwork again = cached(cache, SETTINGS, Augmentation.STANDARD);

        assertThat(files).hasSize(18);
        assertThat(files(cache)).allMatch(file -> file.toFile().lastModified() == 0);
        assertThat(again.network().graph().params())
                .isEqualTo(first.network().graph().params());
        cached(cache, SETTINGS.withSeed(2), Augmentation.STANDARD);
        assertThat(files(cache)).as("another head, the same features").hasSize(18);
        cached(cache, SETTINGS, Augmentation.NONE);
        assertThat(files(cache)).as("other views").hasSizeGreaterThan(18);
    }

    private TrainedNetwork cached(Path cache, TrainingSettings settings, Augmentation views) {
        return PhotoTraining.of(network(CNN2DFormat.NHWC))
                .settings(settings.withEpochs(2))
                .augmentation(views)
                .cache(cache)
                .train(photos());
    }

    private static List<Path> files(Path cache) throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            return files.sorted().toList();
        }
    }

    @Test
    void filesThatAreNoPhotosAreListedAndSkipped() throws IOException {
        Files.writeString(root.resolve("red/notes.txt"), "red");
        List<Integer> heard = new ArrayList<>();

        TrainedNetwork trained = PhotoTraining.of(network(CNN2DFormat.NHWC))
                .settings(SETTINGS.withEpochs(1))
                .onPhoto(progress -> heard.add(progress.done()))
                .train(photos());

        assertThat(trained.skipped()).singleElement().satisfies(skipped -> {
            assertThat(skipped.file()).isEqualTo(root.resolve("red/notes.txt"));
            assertThat(skipped.reason()).contains("not a picture");
        });
        assertThat(heard).hasSize(19).endsWith(19);
    }

    @Test
    void aClassWithoutReadablePhotosIsNamed() throws IOException {
        for (int i = 0; i < 6; i++) {
            Files.writeString(root.resolve("green/" + i + ".png"), "no picture");
        }

        assertThatThrownBy(() -> PhotoTraining.of(network(CNN2DFormat.NHWC)).train(photos()))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("none of the training photos of [green] could be read");
    }

    @Test
    void aHeadThatIsKeptNeedsTheModelsClasses() {
        assertThatThrownBy(() ->
                        PhotoTraining.of(network(CNN2DFormat.NHWC)).keepHead().train(photos()))
                .isInstanceOf(TrainingDataException.class)
                .hasMessageContaining("the photos' classes are not the model's");
        GapNetwork own = PhotoTraining.of(network(CNN2DFormat.NHWC))
                .settings(SETTINGS)
                .train(photos())
                .network();
        own.save(folder.resolve("own.h5"));
        GapNetwork back;
        try (ClassActivationMapper mapper =
                ClassActivationMapper.fromKeras(folder.resolve("own.h5")).build()) {
            back = GapNetwork.of(mapper);
        }
        TrainedNetwork more = PhotoTraining.of(back)
                .settings(SETTINGS.withEpochs(1))
                .keepHead()
                .train(photos());
        assertThat(more.best().validationAccuracy()).isEqualTo(1);
    }

    @Test
    void trainingBeginsWhereAllWaysMeet() {
        assertThatThrownBy(() -> PhotoTraining.of(network(CNN2DFormat.NHWC))
                        .from("conv9")
                        .train(photos()))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageContaining("no layer 'conv9'");
    }
}
