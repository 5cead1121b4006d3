package org.cam4j.render.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cam4j.Explanation;
import org.cam4j.PhotoResult;
import org.cam4j.Provenance;
import org.cam4j.image.MapPlacement;
import org.cam4j.localization.MapCheck;
import org.cam4j.localization.MapWarning;
import org.cam4j.render.text.Caption;

/**
 * The page of a {@link Report} while it is written. Each photo goes to the file at once: none is kept in memory.
 *
 * <p>For one thread, but {@link #entry} may be called by many.
 */
public final class ReportPage {

    private final Writer out;
    private final Report.Settings settings;
    private final Set<Provenance> provenances = new LinkedHashSet<>();

    ReportPage(Writer out, Report.Settings settings) {
        this.out = out;
        this.settings = settings;
    }

    /**
     * Adds a photo, with what may be wrong with the map of its best class.
     *
     * @param explanation what the network saw in it
     * @throws UncheckedIOException if the file cannot be written
     */
    public void add(Explanation explanation) {
        add(explanation, warnings(explanation));
    }

    /** What may be wrong with the map of the best class. */
    static List<String> warnings(Explanation explanation) {
        return MapCheck.of(explanation).warnings().stream()
                .map(MapWarning::sentence)
                .toList();
    }

    /**
     * Adds a photo with remarks of your own; where its maps have no place in it, its best class and the reason.
     *
     * @param explanation what the network saw in it
     * @param notes a line each, shown beside the photo
     * @throws UncheckedIOException if the file cannot be written
     */
    public void add(Explanation explanation, List<String> notes) {
        add(entry(explanation, notes));
    }

    /**
     * Draws a photo's part of the page, with what may be wrong with the map of its best class. Any number of threads may draw at once.
     *
     * @param explanation what the network saw in it
     * @return what {@link #add(ReportEntry)} takes
     */
    public ReportEntry entry(Explanation explanation) {
        return entry(explanation, warnings(explanation));
    }

    private ReportEntry entry(Explanation explanation, List<String> notes) {
        if (explanation.placement() instanceof MapPlacement.Unplaced none) {
            return new ReportEntry(
                    explanation.provenance(),
                    failure(
                            explanation.name(),
                            explanation.prediction().label() + " "
                                    + Caption.probability(
                                            explanation.prediction().probability())
                                    + ", but the map has no place in the photo: " + none.reason()));
        }
        return new ReportEntry(explanation.provenance(), ReportPhoto.html(explanation, settings, List.copyOf(notes)));
    }

    /**
     * Adds a photo whose part of the page is drawn already.
     *
     * @param entry of this page
     * @throws UncheckedIOException if the file cannot be written
     */
    public void add(ReportEntry entry) {
        provenances.add(entry.provenance());
        write(entry.html());
    }

    /**
     * Adds what became of a photo: the explanation, or why there is none.
     *
     * @param result of one of many photos
     * @throws UncheckedIOException if the file cannot be written
     */
    public void add(PhotoResult result) {
        if (result instanceof PhotoResult.Explained explained) {
            add(explained.explanation());
        } else if (result instanceof PhotoResult.Failed failed) {
            Path name = failed.photo().getFileName();
            addFailure(
                    String.valueOf(name == null ? failed.photo() : name),
                    failed.reason().getMessage());
        }
    }

    /**
     * Adds a photo that could not be explained.
     *
     * @param name what it is called
     * @param reason why not, in words for people
     * @throws UncheckedIOException if the file cannot be written
     */
    public void addFailure(String name, String reason) {
        write(failure(name, reason));
    }

    private static String failure(String name, String reason) {
        return Template.of("failure.html").filled(Map.of("name", name, "reason", reason));
    }

    /** The provenances of the explanations: usually one. */
    Set<Provenance> provenances() {
        return provenances;
    }

    private void write(String html) {
        try {
            out.write(html);
        } catch (IOException e) {
            throw new UncheckedIOException("the report cannot be written: " + e.getMessage(), e);
        }
    }
}
