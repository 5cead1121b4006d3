package org.cam4j.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The mark of pictures that cam4j draws, by which results are told from the photos beside them: the text {@code Software}. */
public final class PictureMark {

    private static final String PNG = "Software\0cam4j";
    private static final String JPEG = "Software cam4j";

    /** The marker and the length of a JPEG's comment. */
    private static final String COMMENT = "\u00ff\u00fe\0" + (char) (2 + JPEG.length());

    private static final int BEGINNING = 4096;

    private PictureMark() {}

    /** {@return the content of a PNG's chunk {@code tEXt}} */
    public static byte[] ofPng() {
        return PNG.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@return a JPEG's comment with marker and length} */
    public static byte[] ofJpeg() {
        return (COMMENT + JPEG).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns whether cam4j drew a picture.
     *
     * @param file its ending says whether it is a PNG or a JPEG
     * @return whether it bears the mark near its beginning; false for other endings, and if the file cannot be read
     */
    public static boolean isOn(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        String mark =
                switch (name.substring(name.lastIndexOf('.') + 1)) {
                    case "png" -> "tEXt" + PNG;
                    case "jpg", "jpeg" -> COMMENT + JPEG;
                    default -> "";
                };
        if (mark.isEmpty() || !Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(BEGINNING), StandardCharsets.ISO_8859_1).contains(mark);
        } catch (IOException e) {
            return false;
        }
    }
}
