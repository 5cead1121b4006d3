package org.cam4j.examples.cli;

import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Converts errors to one line that names the command line's options instead of an application's methods. */
final class Messages {

    /** Advice in the library's messages, and the same advice for the command line. */
    private static final Map<String, String> OPTIONS = new LinkedHashMap<>();

    static {
        OPTIONS.put(
                "give the preprocessing that the network was trained with to the builder, preprocessing(Preprocessing.CAFFE)"
                        + " for instance,",
                "give the preprocessing that the network was trained with, --preprocessing caffe for instance,");
        OPTIONS.put("inputSize(height, width)", "--size HEIGHTxWIDTH");
        OPTIONS.put("Build the mapper with an input size", "Give, with --size, an input size");
        OPTIONS.put("build the mapper with the input size", "give with --size the input size");
        OPTIONS.put("Say the input size that it was made for", "Give with --size the input size that it was made for");
        OPTIONS.put("Choose another output", "Choose another output with --output");
        OPTIONS.put("PhotoReader.withMaxPixels", "--max-pixels");
        OPTIONS.put("MapperBuilder.maxNetworkBytes", "--max-network-memory");
        OPTIONS.put(
                "put it beside the model, or choose it yourself", "put it beside the model, or give it with --labels");
        OPTIONS.put("KerasReader.withLayer", "--layer-like");
        OPTIONS.put("KerasReader.withWeights", "--weights");
        OPTIONS.put("Choose one by its name or place.", "Choose one by its name or place, with --output.");
        OPTIONS.put("by name, or by its place from 0", "with --output, by name or by its place from 0");
    }

    private Messages() {}

    /** Returns an error's message for people, or its kind if it has no message. */
    static String of(Throwable failure) {
        if (ranOutOfMemory(failure)) {
            long most = Runtime.getRuntime().maxMemory() >> 20;
            return "not enough memory, of which this Java may take " + most + " MiB: give it more with 'java -Xmx"
                    + 2 * most + "m -jar cam4j.jar', or take a smaller model or smaller photos.";
        }
        if (failure instanceof InvalidPathException invalid) {
            return unnameable(invalid.getInput()) + " (" + Printable.of(invalid.getReason()) + ")";
        }
        String message = failure.getMessage();
        String kind = failure.getClass().getSimpleName();
        if (message == null || message.isBlank()) {
            return kind + " (run again with --verbose)";
        }
        return of(
                failure instanceof Error
                        ? "unexpected " + kind + ": " + message + " (run again with --verbose)"
                        : message);
    }

    /** Whether memory ran out, also while a class was loaded, which hides the error in another one. */
    private static boolean ranOutOfMemory(Throwable failure) {
        return failure instanceof OutOfMemoryError
                || (failure instanceof LinkageError && failure.getCause() instanceof OutOfMemoryError);
    }

    /** Returns an error's message for people. */
    static String of(String message) {
        String said = message.replaceAll("\\s*\\R\\s*", " ");
        for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
            said = said.replace(option.getKey(), option.getValue());
        }
        return Printable.of(said);
    }

    /**
     * Explains a name that the machine's encoding (ASCII with {@code LC_ALL=C}) or its file system cannot express. Another locale helps
     * only if the encoding is not UTF-8 yet.
     */
    static String unnameable(String name) {
        String encoding =
                System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name());
        boolean isComplete = encoding.toUpperCase(Locale.ROOT).startsWith("UTF");
        return "the name '" + Printable.of(name) + "' cannot be a file's here, where names are " + encoding + ": "
                + (isComplete || name.indexOf('\0') >= 0
                        ? "rename the file"
                        : "run with LC_ALL=C.UTF-8, or rename the file");
    }
}
