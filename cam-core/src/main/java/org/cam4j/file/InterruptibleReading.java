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
     * Reads the first bytes of a file. Opening a pipe without a writer blocks in a system call that ignores interrupts. Therefore a daemon
     * thread reads pipes and devices, and an interrupted caller leaves that thread behind.
     *
     * @param file an ordinary file, a pipe or a device
     * @param most the largest number of bytes to read
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
