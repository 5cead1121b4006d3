package org.cam4j.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.file.WholeFile;

/**
 * A training after an epoch, in one file that is whole at any time: after a kill, training resumes from it with the same result.
 *
 * @param run which training it is of: network, examples and settings
 * @param iterations steps so far
 * @param epochs so far, in order
 * @param best the best of them
 * @param parameters the network's after the last epoch
 * @param updater Adam's memory after the last epoch
 * @param bestParameters the network's after the best epoch
 */
record Checkpoint(
        String run,
        int iterations,
        List<TrainingResult.Epoch> epochs,
        TrainingResult.Epoch best,
        float[] parameters,
        float[] updater,
        float[] bestParameters) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The part that is written as JSON. */
    private record State(String run, int iterations, List<TrainingResult.Epoch> epochs, TrainingResult.Epoch best) {}

    void write(Path file) {
        WholeFile.write(file, out -> {
            // Not closed: the stream is WholeFile's.
            ZipOutputStream zip = new ZipOutputStream(out);
            // Weights do not get smaller.
            zip.setLevel(0);
            put(zip, "state.json", JSON.writeValueAsBytes(new State(run, iterations, epochs, best)));
            put(zip, "parameters", Examples.bytes(parameters));
            put(zip, "updater", Examples.bytes(updater));
            put(zip, "best", Examples.bytes(bestParameters));
            zip.finish();
        });
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    /**
     * Reads a checkpoint.
     *
     * @throws TrainingDataException if the file is no checkpoint, or one of another training
     */
    static Checkpoint read(Path file, String run) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            State state = JSON.readValue(bytes(zip, "state.json"), State.class);
            if (!run.equals(state.run)) {
                throw new TrainingDataException(
                        "the checkpoint '" + file + "' is of a training of another network, other photos"
                                + " or other settings: delete it to begin anew, or give another file.");
            }
            return new Checkpoint(
                    state.run,
                    state.iterations,
                    state.epochs,
                    state.best,
                    Examples.floats(bytes(zip, "parameters")),
                    Examples.floats(bytes(zip, "updater")),
                    Examples.floats(bytes(zip, "best")));
        } catch (IOException e) {
            throw new TrainingDataException(
                    "the checkpoint '" + file + "' cannot be read: " + IoReason.of(e) + ". Delete it to begin anew.",
                    e);
        }
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new IOException("it has no entry '" + name + "'");
        }
        return zip.getInputStream(entry).readAllBytes();
    }
}
