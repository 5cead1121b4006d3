package org.cam4j.testing.random;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A {@link PlanWorker} and its successors: one that crashed or hangs is replaced. */
final class WorkerProcess implements AutoCloseable {

    private static final int LONGEST_SECONDS = 120;

    /** An answer is a line; this one says that there are no more. */
    private static final String GONE = "";

    private final EngineUnderTest engine;
    private Process process;
    private BlockingQueue<String> answers;
    private Writer questions;
    private Path log;

    WorkerProcess(EngineUnderTest engine) {
        this.engine = engine;
    }

    TrialResult run(PlanRecipe recipe) {
        try {
            if (process == null) {
                start();
            }
            try {
                questions.write(recipe.encoded() + "\n");
                questions.flush();
            } catch (IOException e) {
                // It is gone already: its answer says so.
            }
            String answer = answers.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                return stopped(TrialResult.Kind.HANG, "no answer in " + LONGEST_SECONDS + " s");
            }
            if (answer.equals(GONE)) {
                return stopped(TrialResult.Kind.CRASH, "the process ended with " + process.waitFor());
            }
            return TrialResult.decoded(answer.substring(PlanWorker.ANSWER.length()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private TrialResult stopped(TrialResult.Kind kind, String what) throws IOException {
        process.destroyForcibly();
        process = null;
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        return TrialResult.found(kind, what + "\n" + said.substring(0, Math.min(said.length(), 2000)));
    }

    private void start() throws IOException {
        log = Path.of("target", "plan-worker-" + engine + ".log").toAbsolutePath();
        Files.createDirectories(log.getParent());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m",
                "-XX:+UseSerialGC",
                // Most of the time is oneDNN's, making kernels.
                "-XX:TieredStopAtLevel=1",
                // ND4J collects garbage whenever an engine is closed, which takes longer than all the rest.
                "-XX:+DisableExplicitGC",
                // JavaCPP would read the process's memory from a file whenever it allocates.
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + log.resolveSibling("plan-worker-crash.log"),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-cp",
                System.getProperty("java.class.path"),
                PlanWorker.class.getName(),
                engine.name()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().putAll(engine.environment());
        // Memory that nobody wrote to is no zeros.
        builder.environment().put("MALLOC_PERTURB_", "90");
        // As many kernels as a plan's networks share; of 1,024, the default, each new one looks for the oldest.
        builder.environment().put("DNNL_PRIMITIVE_CACHE_CAPACITY", "200");
        process = builder.start();
        questions = process.outputWriter(StandardCharsets.US_ASCII);
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        answers = lines;
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        Thread reader = new Thread(() -> read(output, lines), "answers of " + engine);
        reader.setDaemon(true);
        reader.start();
    }

    private static void read(BufferedReader output, BlockingQueue<String> lines) {
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(PlanWorker.ANSWER)) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            // As if it had ended.
        }
        lines.add(GONE);
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process = null;
        }
    }
}
