package com.example;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service's jar in a JVM of its own, at a free port. */
final class RunningService implements AutoCloseable {

    private static final long PATIENCE = TimeUnit.MINUTES.toMillis(2);

    private final Process process;
    private final Thread reader;
    private final List<String> log = new ArrayList<>();
    private boolean hasEnded;
    private final int port;

    RunningService(Path jar, Path model) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-jar",
                        jar.toString(),
                        "--server.port=0",
                        "--model=" + model)
                .redirectErrorStream(true)
                .start();
        reader = new Thread(this::read);
        reader.start();
        port = Integer.parseInt(awaitLog("Tomcat started on port (\\d+)").group(1));
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        log.add(line);
        notifyAll();
    }

    private synchronized void end() {
        hasEnded = true;
        notifyAll();
    }

    /** Waits for a line of the log. */
    synchronized MatchResult awaitLog(String expression) throws InterruptedException {
        Pattern pattern = Pattern.compile(expression);
        long end = System.currentTimeMillis() + PATIENCE;
        while (true) {
            for (String line : log) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.find()) {
                    return matcher.toMatchResult();
                }
            }
            long left = end - System.currentTimeMillis();
            if (hasEnded || left <= 0) {
                throw new AssertionError("no line with '" + expression + "':\n" + String.join("\n", log));
            }
            wait(left);
        }
    }

    URI at(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** Asks the service to stop, as a container does (SIGTERM). */
    void stop() {
        // Process.destroy would also close the log.
        process.toHandle().destroy();
    }

    /** Waits until the service has ended. */
    void awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the service does not end:\n" + log);
        }
        reader.join();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        reader.join();
    }
}
