package org.cam4j.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a program says in a JVM of its own: the lines that it prints with a mark before them.
 *
 * @param status the process's exit status
 * @param output all that it printed
 * @param lines what it said
 */
public record SaidElsewhere(int status, String output, List<String> lines) {

    private static final String MARK = "SAID ";

    /** Says a line; called in the program. */
    public static void say(String text) {
        System.out.println(MARK + text.replace('\n', ' '));
    }

    /**
     * Runs a program on this JVM's classpath.
     *
     * @param program has a main method
     * @param environment set besides this process's
     * @param options of the JVM
     * @param arguments of the program
     */
    public static SaidElsewhere by(
            Class<?> program, Map<String, String> environment, List<String> options, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> said = output.lines()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()))
                .toList();
        try {
            return new SaidElsewhere(process.waitFor(), output, said);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
