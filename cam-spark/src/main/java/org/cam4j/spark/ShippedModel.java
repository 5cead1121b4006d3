package org.cam4j.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.cam4j.exception.ModelFileException;

/**
 * A prepared model that Spark has put on every executor. Tasks carry this record, a hundred bytes, not the model.
 *
 * @param fileName its name among {@link SparkFiles}
 * @param sha256 of its bytes, in hexadecimal
 * @param address where the driver serves it
 */
record ShippedModel(String fileName, String sha256, String address) implements Serializable {

    /**
     * The file on this executor.
     *
     * @throws ModelFileException if it is missing or another one
     */
    Path file() {
        Path file = Path.of(SparkFiles.get(fileName));
        if (!Files.isRegularFile(file)) {
            fetch(file);
        }
        String found = checksum(file);
        if (!found.equals(sha256)) {
            throw new ModelFileException(
                    "the executor's file '" + file + "' has the SHA-256 " + found + ", the driver's " + sha256
                            + ": give the files of different models different names, and restart the application.");
        }
        return file;
    }

    /**
     * Fetches the file from the driver. Sessions of Spark 4 have files of their own: their tasks do not get those that were added to the
     * context.
     */
    private void fetch(Path file) {
        try {
            Path part = Files.createTempFile(file.toAbsolutePath().getParent(), fileName, ".part");
            try (InputStream in =
                    Channels.newInputStream(SparkEnv.get().rpcEnv().openChannel(address))) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw new ModelFileException(
                    "the model '" + fileName + "' cannot be fetched from " + address + " (" + e
                            + "): check that executors reach the driver and may write into their working folder.",
                    e);
        }
    }

    /**
     * Reads a file's checksum.
     *
     * @throws ModelFileException if it cannot be read
     */
    static String checksum(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] block = new byte[1 << 20];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                sha256.update(block, 0, count);
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (IOException e) {
            throw new ModelFileException("the model '" + file + "' cannot be read (" + e + "): check its path.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
