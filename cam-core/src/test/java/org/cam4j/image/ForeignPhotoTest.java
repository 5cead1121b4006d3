package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.cam4j.exception.PhotoException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of files that are no pictures in a known format; their first bytes are those that the formats prescribe. */
class ForeignPhotoTest {

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A file of ISO boxes: main brand, version, further brands. */
    private static byte[] boxes(String main, String... further) {
        return latin("\0\0\0" + (char) (16 + 4 * further.length) + "ftyp" + main + "\0\0\0\0" + String.join("", further)
                + "\0\0\0\bmdat");
    }

    private static void refusalSays(byte[] file, String kind, String remedy) {
        assertThatThrownBy(() -> PhotoReader.standard().read(file))
                .isInstanceOf(PhotoException.class)
                .hasMessageContaining(kind)
                .hasMessageContaining(remedy);
    }

    @ParameterizedTest
    @CsvSource({"heic", "heix", "hevc", "heim", "mif1"})
    void aPhonesPhotoIsKnownAndToBeConverted(String brand) {
        refusalSays(boxes(brand, "mif1", "heic"), "a HEIC picture", "convert it to JPEG");
    }

    @Test
    void avifIsKnownByAnyOfItsBrands() {
        refusalSays(boxes("avif", "mif1", "miaf"), "an AVIF picture", "convert it to JPEG or PNG");
        refusalSays(boxes("mif1", "miaf", "avif"), "an AVIF picture", "convert it to JPEG or PNG");
        refusalSays(boxes("avis"), "an AVIF picture", "convert it to JPEG or PNG");
    }

    @Test
    void otherFilesOfBoxesAreNoPictures() {
        refusalSays(boxes("isom", "mp41"), "a video", "a frame of it");
    }

    @ParameterizedTest
    @CsvSource({
        "'version https://git-lfs.github.com/spec/v1', a Git LFS pointer, git lfs pull",
        "'<!DOCTYPE html><html><body>404</body>', a web page, fetch the picture itself",
        "'<?xml version=''1.0''?><svg xmlns=''http://www.w3.org/2000/svg''/>', an SVG drawing, draw it as PNG",
        "'%PDF-1.7', a PDF document, as JPEG or PNG",
        "'8BPS and the rest', a Photoshop document, as JPEG or PNG"
    })
    void otherFilesThatUsersHaveAreNamed(String start, String kind, String remedy) {
        refusalSays(latin(start), kind, remedy);
    }

    @Test
    void newerFormatsOfPicturesAreNamed() {
        refusalSays(latin("\u00ff\n the rest of it"), "JPEG XL", "convert it");
        refusalSays(latin("\0\0\0\fJXL \r\n"), "JPEG XL", "convert it");
        refusalSays(latin("\0\0\0\fjP  \r\n"), "JPEG 2000", "convert it");
    }

    @Test
    void shortAndUnknownFilesAreNothingInParticular() {
        assertThat(ForeignPhoto.of(new byte[] {0})).isEmpty();
        assertThat(ForeignPhoto.of(latin("GIF"))).isEmpty();
        assertThat(ForeignPhoto.of(latin("a photo of a giant panda"))).isEmpty();
        assertThat(ForeignPhoto.of(latin("\0\0\0\u0018ftyp"))).isEmpty();
    }
}
