package org.cam4j.evaluation.annotation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.cam4j.exception.AnnotationException;

/** Reads boxes that people drew, in the formats that data sets come in. */
public final class LabelledPhotos {

    private LabelledPhotos() {}

    /**
     * Reads annotations; the format is known by the path.
     *
     * <ul>
     *   <li>{@code .csv}: a header line, then a box a line. Columns {@code file} (or {@code image}, {@code filename}), {@code x0},
     *       {@code y0}, {@code x1}, {@code y1} (or {@code xmin} and so on; the ends exclusive), and {@code label} or
     *       {@code class_index} (or {@code index}, {@code imagenet_index}); others are left alone. Quotes as in RFC 4180.
     *   <li>{@code .xml}, or a folder of them: Pascal VOC. Pixels count from 1 and the ends are inclusive, so {@code xmin} 1 and
     *       {@code xmax} 10 are the columns [0, 10).
     *   <li>{@code .json}: COCO, {@code [x, y, width, height]}, rounded to whole pixels; crowds are left out.
     *   <li>a folder with {@code localization.txt}: wsolevaluation's metadata (Choe et al., CVPR 2020), with {@code
     *       class_labels.txt} where there is one. The ends are inclusive.
     * </ul>
     *
     * @param path a file or a folder
     * @return one entry for each photo and class, in the order of the file
     * @throws AnnotationException if it is missing, damaged, of no known format or holds no box
     */
    public static List<LabelledPhoto> read(Path path) {
        List<LabelledPhoto> photos = reader(path);
        if (photos.isEmpty()) {
            throw new AnnotationException("'" + path + "' holds no box: expected at least one labelled object.");
        }
        return photos;
    }

    private static List<LabelledPhoto> reader(Path path) {
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(WsolMetadata.BOXES))
                    ? WsolMetadata.read(path)
                    : PascalVoc.readFolder(path);
        }
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return switch (ending) {
            case "csv" -> CsvBoxes.read(path);
            case "xml" -> PascalVoc.read(path);
            case "json" -> CocoBoxes.read(path);
            default ->
                throw new AnnotationException("'" + path
                        + "' is no known file of boxes: expected CSV (.csv), Pascal VOC (.xml or a folder of them), COCO (.json) or a"
                        + " folder with wsolevaluation's " + WsolMetadata.BOXES + ".");
        };
    }
}
