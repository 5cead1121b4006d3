package org.cam4j.render.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.cam4j.Explanation;
import org.cam4j.Explanations;
import org.cam4j.Labels;
import org.cam4j.PhotoFolder;
import org.cam4j.image.PhotoReader;
import org.cam4j.testing.Browser;

/**
 * Times how long Chromium takes to open a report of many photos; not part of the build.
 *
 * <p>Arguments: a folder of photos, how many photos the report has, and a file for the report. The folder's photos come again and again,
 * each time with other maps, of 7x7 cells and five classes. Chromium's own clock (Navigation Timing, Paint Timing) says when the page
 * showed something and when it was ready for clicks; each opening begins with an empty page.
 */
final class ReportOpening {

    private static final int OPENINGS = 7;
    private static final int CLASSES = 5;

    private ReportOpening() {}

    public static void main(String[] arguments) throws IOException {
        Path report = Path.of(arguments[2]);
        write(report, PhotoFolder.list(Path.of(arguments[0])).photos(), Integer.parseInt(arguments[1]));
        System.out.printf(Locale.ROOT, "%s photos, %.1f MB%n", arguments[1], Files.size(report) / 1e6);
        try (Browser browser = Browser.start().orElseThrow()) {
            browser.screen(1200, 900);
            double[][] times = IntStream.range(0, OPENINGS)
                    .mapToObj(i -> opened(browser, report))
                    .toArray(double[][]::new);
            System.out.println(median(times, 0, "first paint"));
            System.out.println(median(times, 1, "ready for clicks"));
            System.out.println(median(times, 2, "loaded, thumbnails in the window included"));
            System.out.println(median(times, 3, "from a click to the drawn photo"));
        }
    }

    private static void write(Path report, List<Path> files, int count) {
        List<BufferedImage> photos =
                files.stream().map(file -> PhotoReader.standard().read(file)).toList();
        Labels labels = Labels.of(
                IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toArray(String[]::new));
        Random random = new Random(1);
        Report.of("Many photos").write(report, page -> {
            for (int i = 0; i < count; i++) {
                float[] maps = new float[CLASSES * 49];
                for (int cell = 0; cell < maps.length; cell++) {
                    maps[cell] = (float) (random.nextGaussian() * 8 + 2);
                }
                float[] logits = {random.nextFloat() * 9, 3, 2, 1, 0};
                Explanation explanation = Explanations.of(
                        "photo " + i + ".jpg", photos.get(i % photos.size()), labels, logits, maps, 7, 7);
                page.add(explanation, List.of());
            }
        });
    }

    /** First paint, ready, loaded, click to drawn, in milliseconds. */
    private static double[] opened(Browser browser, Path report) {
        browser.driver().get("about:blank");
        browser.driver().get(report.toUri().toString());
        List<?> page = (List<?>) browser.driver()
                .executeScript("const page = performance.getEntriesByType('navigation')[0];"
                        + "const paint = performance.getEntriesByName('first-contentful-paint')[0];"
                        + "return [paint ? paint.startTime : NaN, page.domContentLoadedEventEnd, page.loadEventEnd];");
        Number drawn = (Number) browser.driver()
                .executeAsyncScript("const done = arguments[0]; const from = performance.now();const picture ="
                        + " document.getElementById('picture');new MutationObserver(() =>"
                        + " picture.getAttribute('aria-busy') === 'false' && done(performance.now() -"
                        + " from)).observe(picture, {attributes: true});"
                        + " document.querySelector('.open').click();");
        double[] times = Arrays.copyOf(
                page.stream()
                        .mapToDouble(time -> time == null ? Double.NaN : ((Number) time).doubleValue())
                        .toArray(),
                4);
        times[3] = drawn.doubleValue();
        return times;
    }

    private static String median(double[][] openings, int column, String what) {
        double[] sorted = Arrays.stream(openings)
                .mapToDouble(times -> times[column])
                .sorted()
                .toArray();
        return String.format(
                Locale.ROOT, "%.0f ms (%.0f-%.0f): %s", sorted[OPENINGS / 2], sorted[0], sorted[OPENINGS - 1], what);
    }
}
