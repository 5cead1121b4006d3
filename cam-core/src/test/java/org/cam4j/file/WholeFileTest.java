package org.cam4j.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of files that cannot be written, and what is left of them. */
class WholeFileTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void anEarlierFileIsThere() throws IOException {
        file = Files.writeString(folder.resolve("map.png"), "earlier");
    }

    private void theEarlierFileIsAllThatIsThere() throws IOException {
        assertThat(file).hasContent("earlier");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsNamedBelowWhatALibrarySays() throws IOException {
        BufferedImage picture = new BufferedImage(300, 300, BufferedImage.TYPE_INT_RGB);

        assertThatThrownBy(() -> WholeFile.write(file, unused -> {
                    try (OutputStream full = Files.newOutputStream(Path.of("/dev/full"));
                            ImageOutputStream stream = new MemoryCacheImageOutputStream(full)) {
                        ImageIO.write(picture, "png", stream);
                    }
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage(
                        "the file '" + file
                                + "' cannot be written: No space left on device. Make room on the disk, or write to another one.");
        theEarlierFileIsAllThatIsThere();
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded", "There is not enough space on the disk"})
    void roomIsAdvisedWhereTheSystemSaysThatThereIsNone(String words) throws IOException {
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(new byte[100_000]);
                    throw new IIOException("I/O error writing PNG file!", new IOException(words));
                }))
                .hasMessageEndingWith(
                        "cannot be written: " + words + ". Make room on the disk, or write to another one.");
        theEarlierFileIsAllThatIsThere();
    }

    /** An interrupt closes the file that is being written, as a full disk ends it. */
    @Test
    void aFileThatLostAByteIsNotFinished() throws IOException {
        byte[] much = new byte[1 << 20];

        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    out.write(much);
                    Thread.currentThread().interrupt();
                    assertThatThrownBy(() -> out.write(much)).isInstanceOf(ClosedByInterruptException.class);
                    assertThat(Thread.interrupted()).isTrue();
                    out.flush();
                }))
                .hasMessageContaining("map.png' cannot be written: the thread was interrupted");
        theEarlierFileIsAllThatIsThere();
    }

    @Test
    void whatEndedTheFileIsSaidRatherThanWhatWrapsIt() throws IOException {
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    Thread.currentThread().interrupt();
                    try {
                        out.write(new byte[1 << 20]);
                    } catch (IOException e) {
                        assertThat(Thread.interrupted()).isTrue();
                        throw new UncheckedIOException("the page cannot be written", e);
                    }
                }))
                .hasMessageContaining("map.png' cannot be written: the thread was interrupted");
        theEarlierFileIsAllThatIsThere();
    }

    @Test
    void theRoomOfAFileThatLostAByteIsGivenBackAtOnce() throws IOException {
        Path target = folder.resolve("other.tmp");
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            UnfinishedStream stream = new UnfinishedStream(new FullAfter(5_000, channel));
            stream.write(new byte[5_000]);
            assertThat(target).hasSize(5_000);

            assertThatThrownBy(() -> stream.write(1)).hasMessage("No space left on device");

            assertThat(target).isEmptyFile();
            assertThatThrownBy(() -> stream.write(1))
                    .as("even though there is room")
                    .hasMessage("No space left on device");
            assertThatThrownBy(stream::requireWhole).hasMessage("No space left on device");
            assertThat(target).isEmptyFile();
        }
    }

    /** A file on a disk that has no more room, once. */
    private static final class FullAfter implements SeekableByteChannel {

        private final FileChannel file;
        private final long most;
        private boolean wasFull;

        FullAfter(long most, FileChannel file) {
            this.most = most;
            this.file = file;
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            if (!wasFull && file.size() + bytes.remaining() > most) {
                wasFull = true;
                throw new IOException("No space left on device");
            }
            return file.write(bytes);
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return file.read(bytes);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long place) throws IOException {
            file.position(place);
            return this;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            file.truncate(size);
            return this;
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {}
    }

    @Test
    void otherReasonsComeWithTheirKind() throws IOException {
        assertThatThrownBy(() -> WholeFile.write(file, out -> {
                    throw new IOException("cannot", new IOException("Input/output error"));
                }))
                .hasMessageContaining("cannot be written: IOException: Input/output error. Check that its folder");
        assertThatThrownBy(() -> WholeFile.write(file.resolve("below.png"), out -> out.write(1)))
                .hasMessageContaining("map.png' is where a folder is needed");
        theEarlierFileIsAllThatIsThere();
    }
}
