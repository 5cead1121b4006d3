package org.cam4j.keras.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.Quoted;

/**
 * Names the format of a file that is no Keras model, and the remedy. Judges by the content, and by the name only if the content is
 * unknown.
 */
final class ForeignFormat {

    private static final String EXPECTED = ", expected a Keras model (.keras, .h5). ";
    private static final String SAVE_KERAS =
            "In Keras, save the model that it was made from with model.save('model.keras').";
    private static final String ONNX =
            "Open it with ClassActivationMapper.from and the module cam-onnx, without settings of the Keras reader.";
    private static final String EXPORT_KERAS =
            SAVE_KERAS + " In Teachable Machine, choose Export Model, Tensorflow, Keras.";
    private static final String EXPORT_ONNX =
            "In PyTorch, export the model with torch.onnx.export and open the ONNX file: see the module cam-onnx.";
    private static final String REBUILD =
            "Build the network with these weights, in PyTorch for torch.onnx.export and the module cam-onnx, or in"
                    + " Keras for model.save('model.keras').";
    private static final String CONVERT =
            SAVE_KERAS + " Or convert it to ONNX with tf2onnx and open that file: see the module cam-onnx.";
    private static final String PICTURE = "Give the model here, and the picture as the photo.";
    private static final String UNPACK = "Unpack it and give what is inside.";
    private static final String PYTORCH = "a PyTorch model";
    private static final int HEAD = 4096;

    /** How files begin, as Latin-1. */
    private record Beginning(int at, String bytes, String what, String todo) {}

    private static final List<Beginning> BEGINNINGS = List.of(
            new Beginning(0, "\u0089CAM4J", "a prepared model", "Open it with ClassActivationMapper.open."),
            new Beginning(
                    0,
                    "version https://git-lfs",
                    "a pointer of Git LFS, not the file itself",
                    "Fetch the file with 'git lfs pull'."),
            new Beginning(4, "TFL3", "a TensorFlow Lite model, whose layers are fused and gone", EXPORT_KERAS),
            new Beginning(0, "\u0089PNG", "a PNG picture", PICTURE),
            new Beginning(0, "\u00ff\u00d8\u00ff", "a JPEG picture", PICTURE),
            new Beginning(0, "GIF8", "a GIF picture", PICTURE),
            new Beginning(8, "WEBP", "a WebP picture", PICTURE),
            new Beginning(0, "II*\0", "a TIFF picture", PICTURE),
            new Beginning(0, "MM\0*", "a TIFF picture", PICTURE),
            new Beginning(0, "BM", "a BMP picture", PICTURE),
            new Beginning(
                    4,
                    "ftyp",
                    "a HEIC or AVIF picture, or a film",
                    "Give the model here; photos are JPEG, PNG or WebP."),
            new Beginning(0, "\u0093NUMPY", "a NumPy array", "Save the whole model with model.save('model.keras')."),
            new Beginning(0, "GGUF", "a GGUF model", REBUILD),
            new Beginning(0, "%PDF", "a PDF document", "Give the model's file."),
            new Beginning(0, "model_checkpoint_path", "the index of a TensorFlow checkpoint", SAVE_KERAS),
            new Beginning(
                    0, "404: Not Found", "a server's message '404: Not Found'", "Check the address, download again."),
            new Beginning(0, "\u001f\u008b", "packed by gzip", UNPACK),
            new Beginning(0, "BZh", "packed by bzip2", UNPACK),
            new Beginning(0, "\u00fd7zXZ", "packed by xz", UNPACK),
            new Beginning(0, "(\u00b5/\u00fd", "packed by zstd", UNPACK),
            new Beginning(0, "7z\u00bc\u00af", "packed by 7-Zip", UNPACK),
            new Beginning(0, "Rar!", "packed by RAR", UNPACK),
            new Beginning(257, "ustar", "a tar archive", UNPACK));

    /** Formats by the file name's ending. */
    private static final Map<String, String> ENDINGS = Map.of(
            "onnx", "an ONNX model",
            "tflite", "a TensorFlow Lite model",
            "pb", "a graph of TensorFlow",
            "pt", PYTORCH,
            "pth", PYTORCH,
            "mlmodel", "a Core ML model",
            "caffemodel", "a Caffe model",
            "safetensors", "weights without a model");

    private ForeignFormat() {}

    /** Describes a file that is neither HDF5 nor a zip archive. */
    static String of(ByteBuffer bytes, Optional<String> fileName) {
        String head = head(bytes);
        if (head.isEmpty()) {
            return "it is empty: copy or download it again.";
        }
        for (Beginning beginning : BEGINNINGS) {
            if (head.startsWith(beginning.bytes, beginning.at)) {
                return is(beginning.what, beginning.todo);
            }
        }
        return text(head)
                .or(() -> pickled(head))
                .or(() -> safetensors(bytes, head))
                .or(() -> protobuf(head))
                .orElseGet(() -> is(
                        fileName.flatMap(ForeignFormat::byName)
                                .map(what -> "of another format, by its name " + what)
                                .orElse("of another format"),
                        isOfPyTorch(fileName) ? EXPORT_ONNX : SAVE_KERAS));
    }

    private static String is(String what, String todo) {
        return "it is " + what + EXPECTED + todo;
    }

    static boolean isJson(ByteBuffer bytes) {
        return head(bytes).stripLeading().startsWith("{");
    }

    private static Optional<String> text(String head) {
        String text = head.stripLeading();
        if (text.startsWith("<")) {
            return Optional.of(is(
                    head.contains("Google Drive") ? "a web page of Google Drive" : "a web page",
                    "The download failed: open the link in a browser and get the file itself."));
        }
        if (!text.startsWith("{")) {
            return Optional.empty();
        }
        if (head.contains("\"modelTopology\"") || head.contains("layers-model")) {
            return Optional.of(is("the JSON of a TensorFlow.js model", EXPORT_KERAS));
        }
        return Optional.of(is(
                head.contains("class_name") ? "a model's architecture without its weights" : "JSON",
                "Save the whole model with model.save('model.keras'), or give the weights too: see"
                        + " KerasReader.withWeights."));
    }

    /** Detects Python's pickle, protocols 2 to 5. */
    private static Optional<String> pickled(String head) {
        return head.length() > 1 && head.charAt(0) == 0x80 && head.charAt(1) >= 2 && head.charAt(1) <= 5
                ? Optional.of(is(
                        "a pickle of Python, as PyTorch (.pth) and scikit-learn write, which may run any code",
                        EXPORT_ONNX))
                : Optional.empty();
    }

    /** Detects safetensors by a JSON header behind its length. */
    private static Optional<String> safetensors(ByteBuffer bytes, String head) {
        if (head.length() > Long.BYTES && head.charAt(Long.BYTES) == '{') {
            long length = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(0);
            if (length > 0 && length <= bytes.limit() - Long.BYTES) {
                return Optional.of(is("safetensors, weights without a model", REBUILD));
            }
        }
        return Optional.empty();
    }

    /** Detects protocol buffers: ONNX and Core ML begin with a version, field 1; TensorFlow's graphs with a node, its name first. */
    private static Optional<String> protobuf(String head) {
        if (head.startsWith("\u0008\u0001\u0012")) {
            return Optional.of(is(
                    "the graph of a TensorFlow SavedModel, without its layers",
                    "Load the SavedModel's folder in Keras 2 (tf_keras) and save it with model.save('model.keras')."));
        }
        if (head.length() > 4 && head.charAt(0) == 0x08 && head.charAt(1) < 0x80) {
            if (head.charAt(2) == 0x12) {
                return Optional.of(isText(head, 3) ? is("an ONNX model", ONNX) : is("a Core ML model", SAVE_KERAS));
            }
            return head.charAt(2) == 0x3a ? Optional.of(is("an ONNX model", ONNX)) : Optional.empty();
        }
        return head.length() > 4 && head.charAt(0) == '\n' && head.charAt(1) < 0x80 && head.charAt(2) == '\n'
                ? Optional.of(is("a frozen graph of TensorFlow, without its layers", CONVERT))
                : Optional.empty();
    }

    /** Whether a field of bytes holds a text: its length, then letters. */
    private static boolean isText(String head, int at) {
        int end = at + 1 + head.charAt(at);
        return end <= head.length()
                && head.substring(at + 1, end).chars().allMatch(letter -> letter >= ' ' && letter < 0x7f);
    }

    /** Describes a zip archive that is no {@code .keras} file. */
    static String ofZip(Collection<String> names) {
        if (names.stream().anyMatch(name -> name.endsWith("saved_model.pb"))) {
            return is(
                    "a zip archive of a TensorFlow SavedModel",
                    "Unpack it, load the folder in Keras 2 (tf_keras) and save it with model.save('model.keras').");
        }
        if (names.stream().anyMatch(name -> name.endsWith(".tflite"))) {
            return is("a zip archive of a TensorFlow Lite model, whose layers are fused and gone", EXPORT_KERAS);
        }
        if (names.stream().anyMatch(name -> name.equals("model.json") || name.endsWith("/model.json"))) {
            return is("a zip archive of a TensorFlow.js model", EXPORT_KERAS);
        }
        if (names.stream().anyMatch(name -> name.endsWith("data.pkl"))) {
            return is(PYTORCH, EXPORT_ONNX);
        }
        if (names.stream().anyMatch(name -> name.endsWith("model.weights.json"))) {
            return is("a Keras model whose weights are spread over several files", "Save it without max_shard_size.");
        }
        Optional<String> model = names.stream()
                .filter(name -> !name.endsWith("weights.h5"))
                .filter(name -> name.endsWith(".keras") || name.endsWith(".h5") || name.endsWith(".hdf5"))
                .sorted()
                .findFirst();
        if (model.isPresent() && !names.contains("config.json")) {
            return is("a zip archive around " + Quoted.of(model.get()), "Unpack it and give that file.");
        }
        if (names.stream().anyMatch(name -> name.endsWith(".npy"))) {
            return is("a zip archive of NumPy arrays", "Save the whole model with model.save('model.keras').");
        }
        String missing = names.contains("config.json")
                ? "model.weights.h5"
                : names.contains("model.weights.h5") ? "config.json" : "config.json and model.weights.h5";
        return is("a zip archive without " + missing, "Save the model with model.save('model.keras').");
    }

    /** Describes a folder that {@code model.save(path, zipped=False)} did not write. */
    static String ofFolder(Path folder) {
        if (Files.exists(folder.resolve("keras_metadata.pb"))) {
            return is(
                    "a folder in TensorFlow's SavedModel format",
                    "Load it in Keras 2 (tf_keras) and save it with model.save('model.keras').");
        }
        if (Files.exists(folder.resolve("saved_model.pb"))) {
            return is("a folder in TensorFlow's SavedModel format, exported without its layers", CONVERT);
        }
        if (Files.exists(folder.resolve("model.json"))) {
            return is("the folder of a TensorFlow.js model", EXPORT_KERAS);
        }
        if (Files.exists(folder.resolve("Manifest.json"))) {
            return is("the folder of a Core ML model", SAVE_KERAS);
        }
        return "it is a directory: give the model's file.";
    }

    private static Optional<String> byName(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return Optional.ofNullable(ENDINGS.get(fileName.substring(dot + 1).toLowerCase(Locale.ROOT)));
    }

    private static boolean isOfPyTorch(Optional<String> fileName) {
        return fileName.flatMap(ForeignFormat::byName).filter(PYTORCH::equals).isPresent();
    }

    private static String head(ByteBuffer bytes) {
        byte[] head = new byte[Math.min(HEAD, bytes.limit())];
        bytes.get(0, head);
        return new String(head, StandardCharsets.ISO_8859_1);
    }
}
