package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.cam4j.evaluation.localization.LocalizationReport;

/** The printed table of several methods: a line for each, and two for boxes that need no network. */
final class MethodTable {

    private static final String NAME = "%-28s";

    private MethodTable() {}

    static void print(List<EvaluatedMethod> methods, double threshold, PrintWriter out) {
        LocalizationReport first = methods.get(0).report();
        boolean measured = methods.get(0).mean().isPresent();
        out.println();
        out.println(String.format(
                        Locale.ROOT, NAME, first.photos() + " photos, boxes at " + Math.round(100 * threshold) + " %")
                + "  GT-known  MaxBoxAccV2  pointing  mean IoU"
                + (measured ? "  deletion  insertion  avg drop   ADCC" : "")
                + "  ms a map");
        methods.forEach(method -> out.println(line(method)));
        out.println(baseline(
                "centre", first.centre(), percent(first.centreAccuracy().maxBoxAccV2(), 13)));
        out.println(baseline("whole photo", first.whole(), " ".repeat(13)));
    }

    private static String line(EvaluatedMethod method) {
        LocalizationReport report = method.report();
        return String.format(Locale.ROOT, NAME, method.name())
                + percent(report.gtKnown(), 10)
                + percent(report.boxAccuracy().maxBoxAccV2(), 13)
                + percent(report.pointing(), 10)
                + number(report.meanOverlap(), 10)
                + method.mean()
                        .map(mean -> number(mean.deletion(), 10)
                                + number(mean.insertion(), 11)
                                + percent(mean.adcc().drop(), 10)
                                + percent(method.adcc().orElseThrow(), 7))
                        .orElse("")
                + String.format(Locale.ROOT, "%10.1f", method.millisecondsEach());
    }

    private static String baseline(String name, LocalizationReport.Baseline baseline, String accuracy) {
        return String.format(Locale.ROOT, NAME, name)
                + percent(baseline.gtKnown(), 10)
                + accuracy
                + percent(baseline.pointing(), 10)
                + number(baseline.meanOverlap(), 10);
    }

    private static String percent(double share, int width) {
        return String.format(Locale.ROOT, "%" + (width - 2) + ".1f %%", 100 * share);
    }

    private static String number(double value, int width) {
        return String.format(Locale.ROOT, "%" + width + ".3f", value);
    }
}
