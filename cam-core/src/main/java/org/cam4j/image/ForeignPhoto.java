package org.cam4j.image;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A format that photos are given in by mistake and that is not read.
 *
 * @param description the noun of a sentence
 * @param remedy what to do with it
 * @param signature whether a file is of this kind
 */
record ForeignPhoto(String description, String remedy, Predicate<byte[]> signature) {

    private static final int LOOKED_AT = 512;

    private static final List<ForeignPhoto> KNOWN = List.of(
            new ForeignPhoto(
                    "a HEIC picture, as phones take them",
                    "convert it to JPEG, for example with 'heif-convert photo.heic photo.jpg'"
                            + " (on an iPhone, Settings > Camera > Formats > Most Compatible takes JPEG)",
                    file -> hasBrand(file, "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")),
            new ForeignPhoto(
                    "an AVIF picture",
                    "convert it to JPEG or PNG, for example with 'avifdec photo.avif photo.png'",
                    file -> hasBrand(file, "avif", "avis")),
            new ForeignPhoto(
                    "a JPEG XL picture",
                    "convert it to JPEG or PNG, for example with 'djxl photo.jxl photo.png'",
                    file -> starts(file, "\u00ff\n") || starts(file, "\0\0\0\fJXL ")),
            new ForeignPhoto(
                    "a JPEG 2000 picture",
                    "convert it to JPEG or PNG",
                    file -> starts(file, "\0\0\0\fjP  ") || starts(file, "\u00ffO\u00ffQ")),
            new ForeignPhoto("a Photoshop document", "save it as JPEG or PNG", file -> starts(file, "8BPS")),
            new ForeignPhoto(
                    "a video or another file in ISO boxes", "give a frame of it as JPEG or PNG", file -> hasBox(file)),
            new ForeignPhoto("a PDF document", "save the picture in it as JPEG or PNG", file -> starts(file, "%PDF")),
            new ForeignPhoto(
                    "a Git LFS pointer, not the picture itself",
                    "run 'git lfs pull' to fetch it",
                    file -> starts(file, "version https://git-lfs")),
            new ForeignPhoto(
                    "an SVG drawing", "draw it as PNG", file -> text(file).contains("<svg")),
            new ForeignPhoto(
                    "a web page, perhaps the answer to a download that failed",
                    "fetch the picture itself",
                    file -> text(file).startsWith("<!doctype html")
                            || text(file).startsWith("<html")));

    /**
     * Recognizes a file by its first bytes.
     *
     * @param file the whole file
     * @return empty if its first bytes say nothing
     */
    static Optional<ForeignPhoto> of(byte[] file) {
        return KNOWN.stream().filter(format -> format.signature.test(file)).findFirst();
    }

    /** The end of a sentence that begins with the file's name. */
    String words() {
        return "is " + description + ", which is not read: " + remedy + ".";
    }

    /** Files of ISO boxes begin with the box 'ftyp': its length, its name, the brand, a version, further brands. */
    private static boolean hasBox(byte[] file) {
        return file.length >= 12 && latin(file, 4, 8).equals("ftyp");
    }

    private static boolean hasBrand(byte[] file, String... brands) {
        if (!hasBox(file)) {
            return false;
        }
        String main = latin(file, 8, 12);
        // HEIC and AVIF share the general brands: the special one decides, wherever it stands.
        if (main.equals("mif1") || main.equals("msf1")) {
            int end = Math.min(Math.min(file.length, LOOKED_AT), file[3] & 0xff);
            for (int at = 16; at + 4 <= end; at += 4) {
                if (latin(file, at, at + 4).startsWith("avi")) {
                    return List.of(brands).contains("avif");
                }
            }
        }
        return List.of(brands).contains(main);
    }

    private static boolean starts(byte[] file, String signature) {
        return latin(file, 0, Math.min(signature.length(), file.length)).equals(signature);
    }

    private static String text(byte[] file) {
        return latin(file, 0, Math.min(file.length, LOOKED_AT)).strip().toLowerCase(Locale.ROOT);
    }

    private static String latin(byte[] file, int from, int to) {
        return new String(file, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
