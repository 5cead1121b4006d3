package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script {@code cam4j}, with a Java that prints what it is given. */
@DisabledOnOs(OS.WINDOWS)
class StartScriptTest {

    @TempDir
    Path folder;

    private String startedBy(Path command) throws IOException, InterruptedException {
        Path java = Files.createDirectories(folder.resolve("java/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        ProcessBuilder builder = new ProcessBuilder(command.toString(), "explain", "a photo.jpg");
        builder.environment().put("JAVA_HOME", folder.resolve("java").toString());
        builder.environment().remove("CAM4J_JAR");
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Path script() throws IOException {
        Path script = Files.createDirectories(folder.resolve("an app")).resolve("cam4j");
        Files.copy(Path.of("cam4j"), script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    @Test
    void theJarBesideTheScriptIsStarted() throws Exception {
        assertThat(startedBy(script()))
                .endsWith(
                        "-jar\n" + folder.toRealPath().resolve("an app/target/cam4j.jar") + "\nexplain\na photo.jpg\n");
    }

    @Test
    void aLinkToTheScriptStartsTheSameJar() throws Exception {
        Path link = Files.createDirectories(folder.resolve("bin")).resolve("cam");
        Files.createSymbolicLink(link, Path.of("..").resolve(folder.relativize(script())));

        assertThat(startedBy(link))
                .endsWith(
                        "-jar\n" + folder.toRealPath().resolve("an app/target/cam4j.jar") + "\nexplain\na photo.jpg\n");
    }
}
