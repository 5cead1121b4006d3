package org.cam4j.exception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IoReasonTest {

    @TempDir
    Path folder;

    private interface Io {
        void run() throws IOException;
    }

    private static String reason(Io io) {
        return IoReason.of(catchThrowableOfType(IOException.class, io::run));
    }

    @Test
    void whatTheSystemThrowsIsSaidInWords() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThat(reason(() -> Files.size(folder.resolve("none")))).isEqualTo("there is none");
        assertThat(reason(() -> {
                    try (Stream<Path> entries = Files.list(file)) {
                        assertThat(entries).isEmpty();
                    }
                }))
                .isEqualTo("it is no folder");
        assertThat(reason(() -> Files.createDirectory(file))).contains("file' is where a folder is needed");
        assertThat(reason(() -> Files.createDirectory(file.resolve("inner")))).isEqualTo("Not a directory");
    }

    @Test
    void anInterruptIsNamed() {
        Thread.currentThread().interrupt();
        try {
            assertThat(reason(() -> {
                        try (var channel = Files.newByteChannel(
                                folder.resolve("new"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                            channel.write(java.nio.ByteBuffer.allocate(1));
                        }
                    }))
                    .isEqualTo("the thread was interrupted");
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
        }
    }

    @Test
    void messagesAreNeverNull() {
        assertThat(IoReason.of(new MalformedInputException(1))).isEqualTo("it is no text in UTF-8");
        assertThat(IoReason.of(new EOFException())).isEqualTo("EOFException");
        assertThat(IoReason.of(new FileSystemException("x"))).isEqualTo("FileSystemException: x");
        assertThat(IoReason.of(new IOException("No space left on device")))
                .isEqualTo("IOException: No space left on device");
    }
}
