package org.cam4j.keras.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.ModelFileException;
import org.cam4j.keras.KerasModels;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no Keras models, as their makers begin them: each is called what it is. */
class ForeignFormatTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS, not the file itself | git lfs pull",
                "<!DOCTYPE html><title>Google Drive - Virus scan</title> | a web page of Google Drive | in a browser",
                "<html></html> | a web page, | The download failed",
                "404: Not Found | a server's message | Check the address",
                "{\"class_name\": \"Functional\"} | a model's architecture without its weights | withWeights",
                "{\"format\": \"layers-model\"} | the JSON of a TensorFlow.js model | model.save",
                "\\x1c\\0\\0\\0TFL3 | a TensorFlow Lite model | In Keras, save the model that it was made from",
                "\\x08\\x08\\x12\\x07tf2onnx\\x1a | an ONNX model | Open it with ClassActivationMapper.from and the module cam-onnx",
                "\\x08\\x07\\x3a\\x10\\x0a\\x01 | an ONNX model | Open it with ClassActivationMapper.from and the module cam-onnx",
                "\\x08\\x05\\x12\\x06\\x0a\\x04\\x0a\\x02in | a Core ML model | In Keras, save the model",
                "\\x08\\x01\\x12\\x1b\\x0a\\x01 | the graph of a TensorFlow SavedModel | Keras 2 (tf_keras)",
                "\\x0a\\x14\\x0a\\x05input\\x12\\x0b | a frozen graph of TensorFlow | tf2onnx",
                "\\x80\\x02\\x8a\\x0al\\xfc | a pickle of Python | torch.onnx.export",
                "\\x08\\0\\0\\0\\0\\0\\0\\0{\"a\":{}} | safetensors, weights without a model | Build the network with these weights",
                "\\x89PNG\\x0d\\x0a\\x1a\\x0a | a PNG picture | Give the model here",
                "\\xff\\xd8\\xff\\xe0 | a JPEG picture | Give the model here",
                "\\0\\0\\0\\x18ftypheic | a HEIC or AVIF picture | Give the model here",
                "\\x1f\\x8b\\x08 | packed by gzip | Unpack it",
                "\\x93NUMPY | a NumPy array | model.save",
                "\\x89CAM4J | a prepared model | ClassActivationMapper.open",
                "\\x07\\x01\\x02\\x03 | of another format, expected | model.save",
            })
    void contentTellsWhatAFileIsAndWhatToDo(String content, String what, String todo) throws IOException {
        assertRefused(bytes(content), "model.h5", what, todo);
    }

    @ParameterizedTest
    @CsvSource({
        "model.mlmodel, a Core ML model, model.save",
        "m.PTH, a PyTorch model, torch.onnx.export",
        "m.caffemodel, a Caffe model, model.save"
    })
    void nameTellsWhereTheContentDoesNot(String name, String what, String todo) throws IOException {
        assertRefused(new byte[] {7, 1, 2, 3}, name, "of another format, by its name " + what, todo);
    }

    @ParameterizedTest
    @CsvSource({
        "saved_model/saved_model.pb, a zip archive of a TensorFlow SavedModel, load the folder in Keras 2",
        "archive/data.pkl, a PyTorch model, torch.onnx.export",
        "converted/keras_model.h5, a zip archive around 'converted/keras_model.h5', give that file",
        "model_unquant.tflite, a zip archive of a TensorFlow Lite model, 'choose Export Model, Tensorflow, Keras'",
        "model.json, a zip archive of a TensorFlow.js model, 'choose Export Model, Tensorflow, Keras'",
        "model.savedmodel/saved_model.pb, a zip archive of a TensorFlow SavedModel, load the folder in Keras 2",
        "model.weights.json, a Keras model whose weights are spread over several files, without max_shard_size",
        "arr_0.npy, a zip archive of NumPy arrays, model.save",
        "readme.txt, a zip archive without config.json and model.weights.h5, model.save",
    })
    void namesInAZipArchiveTellWhatItIs(String entry, String what, String todo) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(1);
        }

        assertRefused(bytes.toByteArray(), "model.keras", what, todo);
    }

    private void assertRefused(byte[] content, String name, String what, String todo) throws IOException {
        Path file = Files.write(folder.resolve(name), content);

        assertThatThrownBy(() -> KerasModels.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("Keras file '" + file + "': it is " + what)
                .hasMessageContaining(todo);
    }

    @ParameterizedTest
    @CsvSource({
        "keras_metadata.pb, a folder in TensorFlow's SavedModel format, Load it in Keras 2",
        "saved_model.pb, exported without its layers, In Keras",
        "model.json, the folder of a TensorFlow.js model, In Keras",
        "Manifest.json, the folder of a Core ML model, In Keras",
        "photo.jpg, a directory, give the model's file",
    })
    void filesInAFolderTellWhatItIs(String name, String what, String todo) throws IOException {
        Files.createFile(folder.resolve(name));

        assertThatThrownBy(() -> KerasModels.read(folder))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(todo);
    }

    @Test
    void everyShortFileIsRefused() {
        for (int first = 0; first < 256; first++) {
            for (int length = 0; length < 6; length++) {
                byte[] content = new byte[length];
                Arrays.fill(content, (byte) first);

                assertThatThrownBy(() -> KerasModels.load(content)).isInstanceOf(ModelFileException.class);
            }
        }
    }

    /** Text with the escapes of C. */
    private static byte[] bytes(String text) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.startsWith("\\x", i)) {
                bytes.append((char) Integer.parseInt(text.substring(i + 2, i + 4), 16));
                i += 3;
            } else if (text.startsWith("\\0", i)) {
                bytes.append('\0');
                i++;
            } else {
                bytes.append(text.charAt(i));
            }
        }
        return bytes.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
