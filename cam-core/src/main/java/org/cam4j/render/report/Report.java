package org.cam4j.render.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Prediction;
import org.cam4j.Provenance;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.file.WholeFile;
import org.cam4j.render.picture.Colormap;

/**
 * A web page of explained photos, one file that needs no server and no network: thumbnails with prediction and box, and for each photo
 * the heat of its best classes with opacity, colours, box, contour lines and the value under the pointer.
 *
 * <pre>{@code
 * Report.of("Animals").write(Path.of("animals.html"), page -> {
 *     try (Stream<PhotoResult> results = mapper.explainAll(photos)) {
 *         results.forEach(page::add);
 *     }
 * });
 * }</pre>
 *
 * <p>Photos are in the page as JPEGs of at most {@value #LONGEST_SIDE} pixels along a side; boxes and values are of the photos' own pixels.
 * The page follows the reader's choice of light or dark, fits a phone, can be used with the keyboard, and allows itself no request and no
 * script but its own by a content security policy.
 *
 * <p>Immutable: each method gives a new report.
 */
public final class Report {

    /** The size of photos in the page unless {@link #longestSide} sets another: pixels along the longer side. */
    public static final int LONGEST_SIDE = 1280;

    private static final double OPACITY = 0.6;
    private static final List<Double> CONTOURS = List.of(0.2, 0.5, 0.8);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    /** The callback that fills a report. */
    @FunctionalInterface
    public interface Content {

        /**
         * Adds every photo.
         *
         * @param page takes photos one after the other
         */
        void writeTo(ReportPage page);
    }

    /**
     * The settings of a report.
     *
     * @param title the page's title
     * @param classes how many of the best classes each photo shows
     * @param colormap the colours at first
     * @param longestSide pixels along the longer side of the photos in the page
     * @param methods to switch between besides the method of the explanations
     */
    record Settings(String title, int classes, Colormap colormap, int longestSide, List<ExplanationMethod> methods) {}

    private final Settings settings;

    private Report(Settings settings) {
        this.settings = settings;
    }

    /**
     * A report with the five best classes of each photo, in {@link Colormap#TURBO}.
     *
     * @param title what it is about
     * @return the report
     */
    public static Report of(String title) {
        return new Report(
                new Settings(Objects.requireNonNull(title, "title"), 5, Colormap.TURBO, LONGEST_SIDE, List.of()));
    }

    /**
     * Sets the number of classes to switch between.
     *
     * @param count of the best classes of each photo, at least 1
     * @return a new report
     */
    public Report classes(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("the best " + count + " classes: ask for at least 1");
        }
        return new Report(
                new Settings(settings.title(), count, settings.colormap(), settings.longestSide(), settings.methods()));
    }

    /**
     * Sets the colours, which the reader can change.
     *
     * @param colours of the thumbnails, and of the photos at first
     * @return a new report
     */
    public Report colormap(Colormap colours) {
        return new Report(new Settings(
                settings.title(),
                settings.classes(),
                Objects.requireNonNull(colours, "colours"),
                settings.longestSide(),
                settings.methods()));
    }

    /**
     * Sets the size of photos, which decides the size of the file.
     *
     * @param pixels along the longer side, at least 64; smaller photos stay as they are
     * @return a new report
     */
    public Report longestSide(int pixels) {
        if (pixels < 64) {
            throw new IllegalArgumentException("photos of " + pixels + " pixels: give at least 64");
        }
        return new Report(
                new Settings(settings.title(), settings.classes(), settings.colormap(), pixels, settings.methods()));
    }

    /**
     * Adds methods and layers to switch between. The maps are made when a photo is added, so the mapper must be open then.
     *
     * @param others besides the method of the explanations, which is shown first
     * @return a new report
     */
    public Report methods(List<ExplanationMethod> others) {
        return new Report(new Settings(
                settings.title(),
                settings.classes(),
                settings.colormap(),
                settings.longestSide(),
                List.copyOf(others)));
    }

    /**
     * Writes explanations that are already computed.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @param explanations in the page's order
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file, List<Explanation> explanations) {
        write(file, page -> explanations.forEach(page::add));
    }

    /**
     * Writes photos as they come: whole or not at all, also when the content throws, or goes on after a photo that could not be
     * written.
     *
     * @param file where to; folders on the way are made, an existing file is replaced
     * @param content adds the photos
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file, Content content) {
        WholeFile.write(file, bytes -> write(bytes, content));
    }

    /**
     * Writes photos as they come, for example into the answer of a service.
     *
     * @param bytes where to, in UTF-8; flushed, not closed
     * @param content adds the photos
     * @throws UncheckedIOException if the stream fails; a part of the page may be written then
     */
    public void write(OutputStream bytes, Content content) {
        Template[] page = Template.of("page.html").splitAt("photos");
        String style = styleSheet();
        String script = drawingScript() + Template.resource("report.js");
        Map<String, String> values = new HashMap<>(Map.of(
                "title", settings.title(),
                "version", ClassActivationMapper.version(),
                "style", style,
                "script", script,
                "styleHash", contentSecurityHash(style),
                "scriptHash", contentSecurityHash(script),
                "contours", percentages(),
                "settings", ReportPhoto.json(browserSettings())));
        try {
            Writer out = new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
            out.write(page[0].filled(values));
            ReportPage photos = new ReportPage(out, settings);
            content.writeTo(photos);
            values.put("facts", facts(photos.provenances()));
            out.write(page[1].filled(values));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Returns one photo as pages of an application's own draw it with {@link #drawingScript()}: the photo as a JPEG, its geometry, and
     * the maps of some classes by the report's methods. Its form may change with each version.
     *
     * @param explanation what the network saw in the photo
     * @param classes the classes to map, one or more
     * @return JSON
     * @throws org.cam4j.exception.UnsupportedModelException if the maps have no place in the photo
     */
    public String photoData(Explanation explanation, List<Prediction> classes) {
        return ReportPhoto.json(ReportPhoto.of(explanation, settings, classes, ReportPage.warnings(explanation)));
    }

    /** {@return JavaScript that reads the maps of {@link #photoData} and paints them over the photo} */
    public static String drawingScript() {
        return Template.resource("maps.js");
    }

    /** {@return the report's look, CSS, for pages of an application's own} */
    public static String styleSheet() {
        return Template.resource("report.css");
    }

    private static String facts(Set<Provenance> provenances) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", joined(provenances, Provenance::model));
        facts.put(
                "SHA-256 of its file",
                joined(provenances, provenance -> provenance.modelSha256().orElse("not from a file")));
        facts.put("Preparation", joined(provenances, Provenance::preparation));
        facts.put("Engine", joined(provenances, Provenance::engine));
        facts.put("cam4j", joined(provenances, Provenance::version));
        facts.put("Written", TIME.format(Instant.now()));
        Template fact = Template.of("fact.html");
        return facts.entrySet().stream()
                .map(entry -> fact.filled(Map.of("name", entry.getKey(), "value", entry.getValue())))
                .collect(Collectors.joining());
    }

    private static String joined(Set<Provenance> provenances, Function<Provenance, String> fact) {
        return provenances.isEmpty()
                ? "none"
                : provenances.stream().map(fact).distinct().collect(Collectors.joining("; "));
    }

    private Map<String, Object> browserSettings() {
        Map<String, int[]> colormaps = new LinkedHashMap<>();
        for (Colormap colormap : Colormap.values()) {
            colormaps.put(colormap.name().toLowerCase(Locale.ROOT), colormap.table());
        }
        // In one order, so that the same photos give the same page.
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("colormaps", colormaps);
        all.put("colormap", settings.colormap().name().toLowerCase(Locale.ROOT));
        all.put("opacity", OPACITY);
        all.put("contours", CONTOURS);
        return all;
    }

    private static String percentages() {
        return CONTOURS.stream().map(level -> Math.round(100 * level) + "").collect(Collectors.joining(", ")) + " %";
    }

    /** As Content Security Policy Level 3 names inline scripts and styles that may stay. */
    private static String contentSecurityHash(String inline) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256, this one does not", e);
        }
    }
}
