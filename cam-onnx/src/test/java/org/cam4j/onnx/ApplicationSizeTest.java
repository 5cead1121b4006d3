package org.cam4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an application with cam-onnx and oneDNN's natives of one platform carries. */
class ApplicationSizeTest {

    private static final long MEGABYTE = 1_000_000;
    private static final Path CLASSPATH = Path.of("target", "runtime-classpath.txt");

    private static List<Path> jars() throws IOException {
        // Maven writes the list; natives are for the application to choose, and on the tests' own classpath.
        assumeThat(CLASSPATH).exists();
        Stream<String> natives = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.matches(".*(dnnl|opencl|javacpp)-[^/\\\\]*-(linux|windows|macosx)-[^/\\\\]*"));
        Stream<String> runtime = Stream.of(Files.readString(CLASSPATH).strip().split(File.pathSeparator));
        return Stream.concat(runtime, natives).distinct().map(Path::of).toList();
    }

    private static long bytes(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void hasAtMost35MegabytesOfJars() throws IOException {
        long bytes = jars().stream().mapToLong(ApplicationSizeTest::bytes).sum();
        assertThat(bytes).isBetween(10 * MEGABYTE, 35 * MEGABYTE);
    }

    @Test
    void hasNoneOfTheKerasDoorsLibraries() throws IOException {
        assertThat(jars())
                .extracting(jar -> jar.getFileName().toString())
                .noneMatch(name -> name.matches("(nd4j|deeplearning4j|jhdf|openblas|commons-).*"))
                .anyMatch(name -> name.startsWith("protobuf-java"));
    }
}
