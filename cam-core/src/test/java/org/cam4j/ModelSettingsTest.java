package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cam4j.exception.ModelFileException;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelSettingsTest {

    @TempDir
    Path folder;

    private ModelSettings settings(String json) throws IOException {
        Files.writeString(folder.resolve("animals.json"), json);
        return ModelSettings.beside(folder.resolve("animals.h5"));
    }

    @Test
    void readsEverything() throws IOException {
        Files.writeString(folder.resolve("names.txt"), "panda\nfox\n");

        ModelSettings settings = settings("""
                {"preprocessing": "caffe", "resize": "nearest", "fit": "center_crop", "labels": "names.txt"}""");

        assertThat(settings.preprocessing()).contains(Preprocessing.CAFFE);
        assertThat(settings.interpolation()).contains(Interpolation.NEAREST);
        assertThat(settings.fit()).contains(Fit.CENTER_CROP);
        assertThat(settings.labels().orElseThrow().names()).containsExactly("panda", "fox");
    }

    @Test
    void imagenetIsTorchvisionsWholeRecipe() throws IOException {
        ModelSettings settings = settings("{\"preprocessing\": \"imagenet\"}");
        assertThat(settings.preprocessing()).contains(Preprocessing.TORCH);
        assertThat(settings.interpolation()).contains(Interpolation.SMOOTH_BILINEAR);
        assertThat(settings.fit()).contains(Fit.CENTER_CROP);
        assertThat(settings.shortSide()).hasValue(256);

        assertThat(settings("{\"preprocessing\": \"imagenet\", \"short_side\": \"232\"}")
                        .shortSide())
                .hasValue(232);
        assertThat(settings("{\"preprocessing\": \"imagenet\", \"short_side\": 240}")
                        .shortSide())
                .hasValue(240);
        ModelSettings squashed = settings("{\"preprocessing\": \"imagenet\", \"fit\": \"squash\"}");
        assertThat(squashed.fit()).contains(Fit.SQUASH);
        assertThat(squashed.shortSide()).isEmpty();
    }

    @Test
    void noFileAndKerasOwnDescriptionSayNothing() throws IOException {
        assertThat(ModelSettings.beside(folder.resolve("other.h5"))).isEqualTo(ModelSettings.NONE);
        assertThat(settings("{\"class_name\": \"Functional\", \"config\": {}}")).isEqualTo(ModelSettings.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"preprocesing\": \"caffe\"} | preprocesing",
                "{\"preprocessing\": 3} | preprocessing",
                "{\"preprocessing\": \"keras\"} | 'keras'",
                "{\"resize\": \"cubic\"} | [nearest, bilinear, lanczos, bicubic, smooth_bilinear]",
                "{\"fit\": \"stretch\"} | [squash, center_crop, letterbox, exact_center_crop]",
                "{\"short_side\": \"wide\"} | 'wide' is no length",
                "{\"short_side\": \"0\"} | at least one pixel",
                "{\"short_side\": 25.6} | short_side",
                "{\"short_side\": 99999999999} | '99999999999' is no length",
                "{\"labels\": \"none.txt\"} | no labels file",
                "{\"fit\": \"squash\", \"fit\": \"letterbox\"} | Duplicate",
                "[1, 2] | no JSON object",
                "{ | no JSON"
            })
    void refusesWhatItDoesNotKnow(String json, String words) throws IOException {
        assertThatThrownBy(() -> settings(json))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(words.strip());
    }
}
