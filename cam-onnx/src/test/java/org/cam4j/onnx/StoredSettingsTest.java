package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.ChannelOrder;
import org.cam4j.image.Fit;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.Interpolation;
import org.cam4j.image.PhotoRecipe;
import org.cam4j.image.Preprocessing;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.StringStringEntryProto;
import org.cam4j.onnx.testing.StoredClassifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How photos are prepared and classes named, as exporters write it into the file and beside it. */
class StoredSettingsTest {

    private static final String TEN_NAMES = "\"0\": \"a\", \"1\": \"b\", \"2\": \"c\", \"3\": \"d\", \"4\": \"e\","
            + " \"5\": \"f\", \"6\": \"g\", \"7\": \"h\", \"8\": \"i\", \"9\": \"j\"";

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        model = folder.resolve("model.onnx");
        Files.copy(StoredClassifier.of("resnet_basic_dyn18").file(), model);
    }

    private void addMetadata(String... entries) throws IOException {
        ModelProto.Builder builder = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
        for (int i = 0; i < entries.length; i += 2) {
            builder.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(entries[i]).setValue(entries[i + 1]));
        }
        try (OutputStream stream = Files.newOutputStream(model)) {
            builder.build().writeTo(stream);
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    private ImagePreparation preparation() {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(model).build()) {
            return mapper.preparation().orElseThrow();
        }
    }

    private String label(int index) {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(model).build()) {
            return mapper.labels().get(index);
        }
    }

    @Test
    void nothingIsGuessedWhereNothingIsSaid() {
        try (ClassActivationMapper mapper = ClassActivationMapper.from(model).build()) {
            assertThat(mapper.preparation()).isEmpty();
            assertThat(mapper.labels().get(0)).isEqualTo("class 0");
        }
    }

    @Test
    void ultralyticsWritesTaskAndNamesIntoTheFile() throws IOException {
        addMetadata(
                "task", "classify",
                "imgsz", "[48, 48]",
                "names",
                        "{0: 'tench', 1: 'goldfish', 2: 'c', 3: 'd', 4: 'e', 5: 'f', 6: 'g', 7: \"jack-o'-lantern\","
                                + " 8: 'i', 9: 'j'}");
        assertThat(preparation().preprocessing()).isEqualTo(Preprocessing.UNIT);
        assertThat(preparation().fit()).isEqualTo(Fit.CENTER_CROP);
        assertThat(label(1)).isEqualTo("goldfish");
        assertThat(label(7)).isEqualTo("jack-o'-lantern");
    }

    @Test
    void windowsMlWritesRangeAndOrderIntoTheFile() throws IOException {
        addMetadata("Image.BitmapPixelFormat", "Bgr8", "Image.NominalPixelRange", "Normalized_1_1");
        assertThat(preparation().preprocessing()).isEqualTo(Preprocessing.TF.bgr());
    }

    @Test
    void timmWritesMeanAndDeviationBesideTheFile() throws IOException {
        write(
                "config.json",
                "{\"architecture\": \"resnet10t\", \"num_classes\": 10, \"label_names\": [\"n1\", \"n2\", \"n3\", \"n4\","
                        + " \"n5\", \"n6\", \"n7\", \"n8\", \"n9\", \"n10\"], \"pretrained_cfg\": {\"mean\": [0.485, 0.456,"
                        + " 0.406], \"std\": [0.229, 0.224, 0.225], \"crop_mode\": \"center\"}}");
        Preprocessing found = preparation().preprocessing();
        assertThat(found.order()).isEqualTo(ChannelOrder.RGB);
        for (int i = 0; i < 3; i++) {
            assertThat(found.scale().get(i))
                    .isCloseTo(Preprocessing.TORCH.scale().get(i), org.assertj.core.api.Assertions.within(1e-12));
            assertThat(found.offset().get(i))
                    .isEqualTo(Preprocessing.TORCH.offset().get(i));
        }
        assertThat(preparation().fit()).isEqualTo(Fit.CENTER_CROP);
        assertThat(label(9)).isEqualTo("n10");
    }

    private static String timm(String recipe) {
        return "{\"num_classes\": 10, \"pretrained_cfg\": {\"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5], "
                + recipe + "}}";
    }

    @ParameterizedTest
    @CsvSource({
        // The model's input is 48x48: floor(48 / crop_pct).
        "bicubic, 0.9, center, BICUBIC, CENTER_CROP, 53",
        "bilinear, 0.875, center, SMOOTH_BILINEAR, CENTER_CROP, 54",
        "lanczos, 1.0, center, LANCZOS, CENTER_CROP, 48",
        "bicubic, 1.0, squash, BICUBIC, SQUASH, 0"
    })
    void timmsRecipesResizeTheShorterSideAndCrop(
            String filter, String share, String mode, Interpolation interpolation, Fit fit, int side)
            throws IOException {
        write(
                "config.json",
                timm("\"input_size\": [3, 224, 224], \"interpolation\": \"" + filter + "\", \"crop_pct\": " + share
                        + ", \"crop_mode\": \"" + mode + "\""));
        assertThat(preparation())
                .isEqualTo(new ImagePreparation(48, 48, 3, preparation().preprocessing(), interpolation, fit, side));
    }

    @Test
    void huggingFacesFiltersAndShortestEdgesAreRead() throws IOException {
        write(
                "preprocessor_config.json",
                "{\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], \"resample\": 3, \"do_center_crop\": true,"
                        + " \"size\": {\"shortest_edge\": 64}, \"crop_size\": {\"height\": 48, \"width\": 48}}");
        assertThat(preparation().interpolation()).isEqualTo(Interpolation.BICUBIC);
        assertThat(preparation().fit()).isEqualTo(Fit.CENTER_CROP);
        assertThat(preparation().shortSide()).isEqualTo(64);
        write(
                "preprocessor_config.json",
                "{\"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], \"resample\": 2, \"crop_pct\": 0.875,"
                        + " \"size\": {\"shortest_edge\": 48}}");
        assertThat(preparation().interpolation()).isEqualTo(Interpolation.SMOOTH_BILINEAR);
        assertThat(preparation().shortSide()).isEqualTo(54);
    }

    @Test
    void labelsBesideTheModelAreRead() throws IOException {
        write("labels.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
        assertThat(label(3)).isEqualTo("d");
    }

    @Test
    void aFitOfTheApplicationDropsTheFilesShorterSide() throws IOException {
        write("config.json", timm("\"interpolation\": \"bicubic\", \"crop_pct\": 0.9"));
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(model).fit(Fit.SQUASH).build()) {
            assertThat(mapper.preparation().orElseThrow().shortSide()).isZero();
        }
    }

    @Test
    void preparedFilesKeepTheRecipe() {
        Path prepared = folder.resolve("model.cam4j");
        PhotoRecipe recipe = PhotoRecipe.timm(48, 0.9, Interpolation.BICUBIC, Preprocessing.TORCH);
        try (ClassActivationMapper mapper =
                ClassActivationMapper.from(model).recipe(recipe).build()) {
            mapper.save(prepared);
        }
        try (ClassActivationMapper mapper = ClassActivationMapper.open(prepared)) {
            assertThat(mapper.preparation())
                    .contains(new ImagePreparation(
                            48, 48, 3, Preprocessing.TORCH, Interpolation.BICUBIC, Fit.CENTER_CROP, 53));
        }
    }

    @Test
    void huggingFaceWritesTwoFilesBesideTheFile() throws IOException {
        write("config.json", "{\"model_type\": \"vit\", \"id2label\": {" + TEN_NAMES + "}}");
        write(
                "preprocessor_config.json",
                "{\"do_normalize\": true, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5],"
                        + " \"do_resize\": true, \"size\": {\"height\": 48, \"width\": 48}}");
        assertThat(preparation().preprocessing().offset()).containsOnly(-1.0);
        assertThat(preparation().fit()).isEqualTo(Fit.SQUASH);
        assertThat(label(2)).isEqualTo("c");
    }

    @Test
    void theApplicationsSettingsOverrideTheFiles() throws IOException {
        addMetadata("task", "classify");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(model)
                .preprocessing(Preprocessing.CAFFE)
                .fit(Fit.SQUASH)
                .build()) {
            assertThat(mapper.preparation().orElseThrow().preprocessing()).isEqualTo(Preprocessing.CAFFE);
            assertThat(mapper.preparation().orElseThrow().fit()).isEqualTo(Fit.SQUASH);
        }
    }

    @Test
    void aBrokenConfigurationIsRefusedInWords() throws IOException {
        write("config.json", "{\"id2label\": ");
        assertThatThrownBy(() -> ClassActivationMapper.from(model))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("no JSON");
    }
}
