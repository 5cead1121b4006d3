package org.cam4j.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
}
