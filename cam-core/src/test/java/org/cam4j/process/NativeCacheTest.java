package org.cam4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {

    @TempDir
    private Path temporary;

    /** A home in which no folder can be created, for root either. */
    private Path unusable;

    @BeforeEach
    void needsUsers() throws IOException {
        assumeTrue(temporary.getFileSystem().supportedFileAttributeViews().contains("posix"));
        unusable = Files.createFile(temporary.resolve("file")).resolve("cache");
    }

    private Path guessable(String permissions) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(".javacpp-ann"));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void aFolderInTheUsersHomeIsUsedAndCreated() {
        Path home = temporary.resolve("home/.javacpp/cache");

        assertThat(NativeCache.problem(home, temporary, "ann")).isEmpty();
        assertThat(home).isDirectory();
        assertThat(temporary.resolve(".javacpp-ann")).doesNotExist();
    }

    @Test
    void withoutAHomeTheFolderInTheTemporaryOneIsForThisUserAlone() throws IOException {
        assertThat(NativeCache.problem(unusable, temporary, "ann")).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary.resolve(".javacpp-ann"))))
                .isEqualTo("rwx------");
        // The next start finds it.
        assertThat(NativeCache.problem(unusable, temporary, "ann")).isEmpty();
        assertThat(temporary).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void aFolderThatOthersCanWriteIsRefusedWithWhatToDo() throws IOException {
        Path folder = guessable("rwxrwxrwx");

        assertThat(NativeCache.problem(unusable, temporary, "ann")).hasValueSatisfying(problem -> assertThat(problem)
                .contains(folder.toString(), "can be written by other users", "-Dorg.bytedeco.javacpp.cachedir="));
    }

    @Test
    void anInnerFolderIsCheckedToo() throws IOException {
        Path inner = Files.createDirectory(guessable("rwxr-xr-x").resolve("cache"));
        Files.setPosixFilePermissions(inner, PosixFilePermissions.fromString("rwxrwx---"));

        assertThat(NativeCache.problem(unusable, temporary, "ann"))
                .hasValueSatisfying(problem -> assertThat(problem).contains(inner.toString()));
    }

    @Test
    void aLinkIsRefused() throws IOException {
        Files.createSymbolicLink(
                temporary.resolve(".javacpp-ann"), Files.createDirectory(temporary.resolve("elsewhere")));

        assertThat(NativeCache.problem(unusable, temporary, "ann"))
                .hasValueSatisfying(problem -> assertThat(problem).contains("is a link"));
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        Path folder = guessable("rwxr-xr-x");
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can give a folder to another user");
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertThat(NativeCache.problem(unusable, temporary, "ann"))
                .hasValueSatisfying(problem -> assertThat(problem).contains("belongs to 'nobody'"));
    }

    @Test
    void librariesAreLoadedWhenAnotherProcessHasLoadedIts() throws Exception {
        Path cache = temporary.resolve("cache");
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loading.class.getName(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said = other.inputReader()) {
            assertThat(said.readLine()).isEqualTo("loading");
            CompletableFuture<Void> load = CompletableFuture.runAsync(
                    () -> NativeCache.load(() -> order.add("loaded here"), cache, Duration.ofMinutes(1)));
            order.add("other goes on");
            other.getOutputStream().close();
            load.join();
        } finally {
            other.destroy();
        }
        assertThat(order).containsExactly("other goes on", "loaded here");
    }

    @Test
    void aProcessThatStopsWhileItLoadsDoesNotStopOthers() {
        Path cache = temporary.resolve("cache");
        List<String> order = new ArrayList<>();

        NativeCache.load(
                () -> NativeCache.load(() -> order.add("meanwhile"), cache, Duration.ZERO),
                cache,
                Duration.ofMinutes(1));
        NativeCache.load(() -> order.add("without a folder"), unusable, Duration.ofMinutes(1));

        assertThat(order).containsExactly("meanwhile", "without a folder");
    }

    /** Another process: says that it loads, and goes on when its input ends. */
    static final class Loading {

        public static void main(String[] arguments) {
            NativeCache.load(
                    () -> {
                        System.out.println("loading");
                        try {
                            System.in.read();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    Path.of(arguments[0]),
                    Duration.ofMinutes(1));
        }
    }
}
