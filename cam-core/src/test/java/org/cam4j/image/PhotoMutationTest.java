package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.Size;
import org.cam4j.exception.CamException;

/**
 * Sound pictures of every format, damaged at random: each is refused, or read as a picture; nothing else is ever thrown.
 *
 * <p>The long run takes 20,000 of each format in a heap of 256 MB, and at most two seconds for each:
 *
 * <pre>
 * mvn test -pl cam-core -Dtest=PhotoMutationTest -Djqwik.tries.default=20000 -DargLine=-Xmx256m
 * </pre>
 */
class PhotoMutationTest {

    private static final String SEED = "2016";
    private static final boolean LONG_RUN = System.getProperty("jqwik.tries.default") != null;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final int[] EXTREMES = {0, 1, -1, 0x7fffffff, 0x80000000, 0x7fff7fff, 0x00010000, 0x0000ffff};

    private static Arbitrary<Integer> anywhere() {
        return Arbitraries.integers()
                .between(0, Integer.MAX_VALUE)
                .withDistribution(RandomDistribution.uniform())
                .withoutEdgeCases();
    }

    /** What happens to a file at a place, which is taken modulo its length. */
    private enum Kind {
        /** Another byte in the first 64, which are headers. */
        HEADER,
        /** Another byte anywhere. */
        BYTE,
        /** Four bytes become a number at the end of a range. */
        EXTREME,
        /** Everything behind the place goes. */
        CUT,
        /** Eight bytes go. */
        REMOVED,
        /** The eight bytes before the place stand there twice. */
        REPEATED
    }

    private record Damage(Kind kind, int place, int value) {

        byte[] to(byte[] file) {
            if (file.length < 16) {
                return file;
            }
            int at = place % (kind == Kind.HEADER ? Math.min(64, file.length) : file.length);
            switch (kind) {
                case HEADER, BYTE -> file[at] = (byte) value;
                case EXTREME ->
                    ByteBuffer.wrap(file).putInt(Math.min(at, file.length - 4), EXTREMES[value % EXTREMES.length]);
                case CUT -> {
                    return Arrays.copyOf(file, at);
                }
                case REMOVED -> {
                    return joined(file, at, Math.min(file.length, at + 8));
                }
                case REPEATED -> {
                    return joined(file, at, Math.max(0, at - 8));
                }
            }
            return file;
        }

        private static byte[] joined(byte[] file, int end, int start) {
            byte[] joined = Arrays.copyOf(file, end + file.length - start);
            System.arraycopy(file, start, joined, end, file.length - start);
            return joined;
        }
    }

    @Provide
    Arbitrary<Damage> damage() {
        return Combinators.combine(Arbitraries.of(Kind.class), anywhere(), anywhere())
                .as(Damage::new);
    }

    private static Arbitrary<String> pictures(String... endings) {
        return Arbitraries.of(Pictures.names().stream()
                .filter(name -> Arrays.stream(endings).anyMatch(name::endsWith))
                .toList());
    }

    @Provide
    Arbitrary<String> jpeg() {
        return pictures(".jpg");
    }

    @Provide
    Arbitrary<String> png() {
        return pictures(".png");
    }

    @Provide
    Arbitrary<String> webp() {
        return pictures(".webp");
    }

    @Provide
    Arbitrary<String> gif() {
        return pictures(".gif", ".bmp");
    }

    @Provide
    Arbitrary<String> tiff() {
        return pictures(".tif");
    }

    @Property(seed = SEED)
    void damagedJpegIsReadOrRefused(
            @ForAll("jpeg") String name, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        requireAnswer(name, damages, false);
    }

    @Property(seed = SEED)
    void damagedPngIsReadOrRefusedAlsoWithSoundChecksums(
            @ForAll("png") String name,
            @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages,
            @ForAll boolean repaired)
            throws IOException {
        requireAnswer(name, damages, repaired);
    }

    @Property(seed = SEED)
    void damagedWebpIsReadOrRefused(
            @ForAll("webp") String name, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        requireAnswer(name, damages, false);
    }

    @Property(seed = SEED)
    void damagedGifAndBmpAreReadOrRefused(
            @ForAll("gif") String name, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        requireAnswer(name, damages, false);
    }

    @Property(seed = SEED)
    void damagedTiffIsReadOrRefused(
            @ForAll("tiff") String name, @ForAll @Size(min = 1, max = 4) List<@From("damage") Damage> damages)
            throws IOException {
        requireAnswer(name, damages, false);
    }

    private static void requireAnswer(String name, List<Damage> damages, boolean repaired) throws IOException {
        byte[] file = Pictures.encoded(name);
        for (Damage damage : damages) {
            file = damage.to(file);
        }
        if (repaired) {
            repairChecksums(file);
        }
        long start = System.nanoTime();
        try {
            BufferedImage photo = PhotoReader.standard().read(file);
            assertThat(photo.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        } catch (CamException e) {
            assertThat(e).hasMessageContaining("the photo of " + file.length + " bytes");
        } catch (RuntimeException | Error e) {
            Path kept = Path.of("target", "mutated-" + name);
            Files.write(kept, file);
            fail("the last of its kind is kept as " + kept, e);
        }
        // Not in every build, where the machine may be busy.
        if (LONG_RUN) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
        }
    }

    /** Makes the checksums of a PNG's chunks right, as long as the chunks can be followed. */
    private static void repairChecksums(byte[] png) {
        ByteBuffer file = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = file.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                return;
            }
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, 4 + length);
            file.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }
}
