package org.cam4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedFilesTest {

    @TempDir
    Path folder;

    private Path left(String name, Duration age) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "half");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
        return file;
    }

    private void writeAFile() {
        WholeFile.write(folder.resolve("new.txt"), out -> out.write('n'));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void whatAKilledProgramLeftIsDeleted() throws IOException {
        left(".cam4j-17af00.tmp", Duration.ofHours(1));

        writeAFile();

        assertThat(names()).containsExactly("new.txt");
    }

    @Test
    void youngFilesOthersFilesAndFoldersStay() throws IOException {
        left(".cam4j-17af01.tmp", Duration.ZERO);
        left(".cam4j-notes.tmp", Duration.ofHours(1));
        left("cam4j-17af02.tmp", Duration.ofHours(1));
        Files.createDirectory(folder.resolve(".cam4j-17af03.tmp"));

        writeAFile();

        assertThat(names())
                .containsExactly(
                        ".cam4j-17af01.tmp", ".cam4j-17af03.tmp", ".cam4j-notes.tmp", "cam4j-17af02.tmp", "new.txt");
    }

    @Test
    void aFileThatIsStillBeingWrittenStaysHoweverOldItIs() throws IOException {
        Path slow = left(".cam4j-17af04.tmp", Duration.ofHours(1));
        try (FileChannel writer = FileChannel.open(slow, StandardOpenOption.WRITE);
                FileLock lock = writer.lock()) {
            writeAFile();

            assertThat(lock.isValid()).isTrue();
            assertThat(names()).containsExactly(".cam4j-17af04.tmp", "new.txt");
        }
    }

    @Test
    void aFileIsLockedWhileItIsWritten() throws IOException {
        WholeFile.write(folder.resolve("new.txt"), out -> {
            out.write('n');
            Path unfinished = folder.resolve(names().get(0));
            assertThat(unfinished.getFileName().toString()).matches("\\.cam4j-[0-9a-f]+\\.tmp");
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Locker.class.getName(),
                            unfinished.toString())
                    .inheritIO()
                    .start();
            try {
                assertThat(other.waitFor()).isEqualTo(Locker.REFUSED);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aDeviceIsNotReplacedByAFile() throws IOException, InterruptedException {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> WholeFile.write(pipe, out -> out.write('n')))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContainingAll("pipe", "no ordinary file");

        assertThat(names()).containsExactly("pipe");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    /** Another program that asks for a file's lock. */
    public static final class Locker {

        static final int REFUSED = 3;

        private Locker() {}

        public static void main(String[] arguments) throws IOException {
            try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
                System.exit(channel.tryLock() == null ? REFUSED : 0);
            }
        }
    }
}
