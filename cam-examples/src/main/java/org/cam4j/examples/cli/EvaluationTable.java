package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.cam4j.evaluation.faithfulness.FaithfulnessScores;
import org.cam4j.evaluation.localization.LocalizationReport;

/** The printed table of an evaluation: maps beside baseline boxes that need no network. */
final class EvaluationTable {

    private EvaluationTable() {}

    static void print(
            LocalizationReport report, Optional<FaithfulnessScores> faithfulness, double threshold, PrintWriter out) {
        out.println();
        out.println(String.format(
                Locale.ROOT, "%-34s %10s %10s %10s", report.photos() + " photos", "maps", "centre", "whole"));
        percent(
                out,
                String.format(Locale.ROOT, "GT-known, boxes at %.0f %%", 100 * threshold),
                report.gtKnown(),
                report.centre().gtKnown(),
                report.whole().gtKnown());
        percent(out, "top-1 localization", report.top1());
        percent(out, "top-5 localization", report.top5());
        row(
                out,
                "mean IoU",
                "%10.3f",
                report.meanOverlap(),
                report.centre().meanOverlap(),
                report.whole().meanOverlap());
        percent(out, "pointing game", report.pointing(), report.centre().pointing());
        percent(out, "share of the box covered", report.coverage());
        percent(
                out,
                "MaxBoxAcc",
                report.boxAccuracy().maxBoxAcc(),
                report.centreAccuracy().maxBoxAcc());
        percent(
                out,
                "MaxBoxAccV2",
                report.boxAccuracy().maxBoxAccV2(),
                report.centreAccuracy().maxBoxAccV2());
        row(out, "best threshold (MaxBoxAcc)", "%10.3f", report.boxAccuracy().threshold());
        faithfulness.ifPresent(scores -> {
            out.println();
            row(out, "deletion (small is good)", "%10.3f", scores.deletion());
            row(out, "insertion (large is good)", "%10.3f", scores.insertion());
            percent(out, "average drop (small is good)", scores.drop());
            percent(out, "increase in confidence", scores.increase());
            row(out, "ROAD (0 for a random map)", "%10.3f", scores.road());
            row(out, "rank correlation, random head", "%10.3f", scores.randomHead());
        });
    }

    private static void percent(PrintWriter out, String name, double... shares) {
        double[] percents = new double[shares.length];
        for (int i = 0; i < shares.length; i++) {
            percents[i] = 100 * shares[i];
        }
        row(out, name, "%8.1f %%", percents);
    }

    private static void row(PrintWriter out, String name, String format, double... values) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-34s", name));
        for (double value : values) {
            row.append(' ').append(String.format(Locale.ROOT, format, value));
        }
        out.println(row);
    }
}
