package org.cam4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an application with cam-core and nd4j-native of one platform carries. */
class ApplicationSizeTest {

    private static final long MEGABYTE = 1_000_000;

    private static List<Path> jars() throws IOException {
        String classpath = Files.readString(Path.of("target", "runtime-classpath.txt"));
        return Arrays.stream(classpath.strip().split(File.pathSeparator))
                .map(Path::of)
                .filter(Files::isRegularFile)
                .toList();
    }

    /** oneDNN's native library, which an application adds for speed. */
    private static boolean isOptional(Path jar) {
        return jar.getFileName().toString().matches("(dnnl|opencl)-.*-(linux|windows|macosx)-.*");
    }

    @Test
    void hasAtMost150MegabytesOfJars() throws IOException {
        long bytes = 0;
        for (Path jar : jars()) {
            bytes += isOptional(jar) ? 0 : Files.size(jar);
        }

        assertThat(bytes).isBetween(50 * MEGABYTE, 150 * MEGABYTE);
    }

    @Test
    void carriesNothingThatAMapNeverCalls() throws IOException {
        assertThat(jars())
                .extracting(jar -> jar.getFileName().toString())
                .noneMatch(name ->
                        name.matches("(opencv|ffmpeg|leptonica|tesseract|javacv|hdf5|datavec|freemarker|fastutil).*")
                                || name.matches(".*-platform-.*")
                                || name.contains("opencsv"))
                .anyMatch(name -> name.startsWith("nd4j-native"));
    }
}
