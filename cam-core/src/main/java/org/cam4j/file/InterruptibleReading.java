package org.cam4j.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Reads files that may be pipes. */
public final class InterruptibleReading {

    private InterruptibleReading() {}

    /**
     * The first bytes of a file. A pipe without a writer blocks until there is one, in the system, where no interrupt reaches: it is read by
     * a daemon thread, which an interrupted caller leaves behind.
     *
     * @param file an ordinary file, a pipe or a device
     * @param most the number of bytes at which reading ends
     * @return all bytes, or the first ones
     * @throws ClosedByInterruptException if the thread is interrupted while it waits for a pipe; its interrupt status stays set
     * @throws IOException if the file cannot be read
     */
    public static byte[] read(Path file, int most) throws IOException {
        if (Files.isRegularFile(file)) {
            return bytes(file, most);
        }
        FutureTask<byte[]> reading = new FutureTask<>(() -> bytes(file, most));
        Thread reader = new Thread(reading, "cam4j-pipe");
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException("'" + file + "' cannot be read", e.getCause());
        }
    }

    private static byte[] bytes(Path file, int most) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(most);
        }
    }
}
