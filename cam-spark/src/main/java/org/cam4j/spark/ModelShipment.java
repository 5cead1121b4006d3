package org.cam4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkFiles;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;
import org.cam4j.prepared.PreparedFile;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Puts a model on every executor, on the driver.
 *
 * <p>Executors get prepared models alone: other files are prepared here, once, with the settings and labels beside them. So executors
 * need the libraries of no other format, map the file without parsing it, and have the results of the driver's file.
 */
final class ModelShipment {

    /** A scheme has two characters at least; one is a drive of Windows. */
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*/([^/]+)");

    private static final int NAME_DIGITS = 16;

    private static final Map<Source, ShippedModel> SHIPPED = new ConcurrentHashMap<>();

    private ModelShipment() {}

    /** A file's state in one application: if any of these changes, the file is shipped again. */
    private record Source(String application, Path file, long bytes, FileTime modified) {}

    /**
     * Ships a model; the same file is shipped once.
     *
     * @param modelFile a path on the driver, an address that Spark's {@code addFile} takes, or the name of a file that {@code --files} has
     *     shipped
     * @throws ModelFileException if it is missing or damaged
     * @throws org.cam4j.exception.UnsupportedModelException if it cannot be prepared
     */
    static ShippedModel ship(SparkContext spark, String modelFile) {
        Path file = onDriver(spark, modelFile);
        try {
            Source source = new Source(
                    spark.applicationId(), file.toAbsolutePath(), Files.size(file), Files.getLastModifiedTime(file));
            return SHIPPED.computeIfAbsent(source, missing -> added(spark, file));
        } catch (IOException e) {
            throw new ModelFileException("the model '" + file + "' cannot be read (" + e + "): check its path.", e);
        }
    }

    private static Path onDriver(SparkContext spark, String modelFile) {
        Matcher address = ADDRESS.matcher(modelFile);
        if (address.matches() && !address.group(1).equals("file")) {
            spark.addFile(modelFile);
            return Path.of(SparkFiles.get(address.group(2)));
        }
        Path given = Path.of(
                modelFile.startsWith("file:") ? java.net.URI.create(modelFile).getPath() : modelFile);
        Optional<Path> byFiles = given.getNameCount() == 1
                ? Optional.of(Path.of(SparkFiles.get(modelFile))).filter(Files::isRegularFile)
                : Optional.empty();
        Path file = byFiles.orElse(given);
        if (!Files.isRegularFile(file)) {
            throw new ModelFileException(
                    "there is no model " + Quoted.of(modelFile) + " on the driver, and --files has shipped"
                            + " none of this name: give the path of a prepared model, an ONNX file or a Keras file.");
        }
        return file;
    }

    private static ShippedModel added(SparkContext spark, Path file) {
        try {
            Path folder = Files.createTempDirectory("cam4j-spark");
            folder.toFile().deleteOnExit();
            Path prepared = PreparedFile.isOne(file) ? file : prepared(file, folder);
            String sha256 = ShippedModel.checksum(prepared);
            Path named = folder.resolve(stem(file) + "-" + sha256.substring(0, NAME_DIGITS) + ".cam4j");
            if (prepared.equals(file)) {
                linkOrCopy(prepared, named);
            } else {
                Files.move(prepared, named);
            }
            named.toFile().deleteOnExit();
            spark.addFile(named.toUri().toString());
            String name = named.getFileName().toString();
            String address = CollectionConverters.asJava(spark.listFiles()).stream()
                    .filter(listed -> listed.endsWith("/" + name))
                    .findFirst()
                    .orElseThrow();
            return new ShippedModel(name, sha256, address);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the model '" + file + "' cannot be prepared in the folder for temporary files", e);
        }
    }

    private static Path prepared(Path file, Path folder) {
        Path prepared = folder.resolve("model.cam4j");
        try (ClassActivationMapper mapper = ClassActivationMapper.from(file).build()) {
            mapper.save(prepared);
        }
        return prepared;
    }

    /** Spark serves files by their own names, and models of one name may differ: the name tells them apart. */
    private static void linkOrCopy(Path file, Path named) throws IOException {
        try {
            Files.createLink(named, file.toRealPath());
        } catch (IOException | UnsupportedOperationException e) {
            // Another file system, or one without links.
            Files.copy(file, named);
        }
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name).replaceAll("[^A-Za-z0-9._-]", "_");
    }
}
