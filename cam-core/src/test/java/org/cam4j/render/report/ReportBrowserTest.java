package org.cam4j.render.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.Explanations;
import org.cam4j.Labels;
import org.cam4j.explain.GradCam;
import org.cam4j.explain.HiResCam;
import org.cam4j.image.Extent;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.Preprocessing;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Heat;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.picture.Canvas;
import org.cam4j.render.picture.Colormap;
import org.cam4j.testing.Golden;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The report as its readers have it: in a real browser. */
class ReportBrowserTest extends ReportInBrowser {

    private static final String HOSTILE_NAME = "<img src=x onerror=\"document.title='hacked'\"> & 'b'.jpg";
    private static final String HOSTILE_LABEL = "</script><script>document.title='hacked'</script><!--<script>";
    private static final Labels LABELS = Labels.of("giant panda", HOSTILE_LABEL, "koala");

    /** 160x120, squashed. */
    private static final Explanation PANDA =
            explanation("panda.jpg", Geometry.squash(160, 120, 224, 224), new float[] {9, 2, 5});

    /** 90x140, of which the network saw a square in the middle. */
    private static final Explanation CROPPED = explanation(
            HOSTILE_NAME, new Geometry(90, 140, 224, 224, 224 / 90.0, 224 / 90.0, 0, -62), new float[] {2, 9, 5});

    /** 300x200, in the page at 150x100. */
    private static final Explanation SHRUNK =
            explanation("large.jpg", Geometry.squash(300, 200, 224, 224), new float[] {1, 2, 3});

    private static Explanation explanation(String name, Geometry geometry, float[] logits) {
        return explanation(name, geometry, MapPlacement.whole(geometry.inputHeight(), geometry.inputWidth()), logits);
    }

    private static Explanation explanation(String name, Geometry geometry, MapPlacement placement, float[] logits) {
        BufferedImage photo = Canvas.filled(geometry.photoWidth(), geometry.photoHeight(), new Color(0x6080A0));
        for (int y = 0; y < photo.getHeight(); y++) {
            for (int x = 0; x < photo.getWidth(); x++) {
                photo.setRGB(x, y, (x & 0xFF) << 16 | (y * 2 & 0xFF) << 8 | (x + y & 0xFF));
            }
        }
        Random random = new Random(name.length());
        float[] maps = new float[3 * 5 * 7];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = (float) (random.nextGaussian() * 8 + 2);
        }
        return Explanations.of(name, photo, geometry, placement, LABELS, logits, maps, 5, 7);
    }

    @BeforeAll
    static void begin() {
        begin(Report.of("Bears & <friends>").longestSide(160), page -> {
            page.add(PANDA);
            page.add(CROPPED, List.of("the map is <flat>"));
            page.addFailure("broken <b>.jpg", "it is \"no\" picture & empty");
            page.add(SHRUNK);
        });
    }

    private static void open(int card, Explanation photo) {
        open(card, photo.name());
    }

    private static void choose(int choice) {
        browser.driver().findElements(By.className("class")).get(choice).click();
        browser.awaitDrawn();
    }

    /** The photo as the browser decodes it. */
    private static BufferedImage bare(int width, int height) {
        browser.opacity(0);
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        photo.setRGB(0, 0, width, height, browser.pixels(), 0, width);
        return photo;
    }

    /** Equal but for rounding: one level in a channel, and one step of the colour table in a pixel of a thousand. */
    private static void assertPainted(int[] painted, BufferedImage expected) {
        int[] pixels = Canvas.pixels(expected);
        assertThat(painted).hasSameSizeAs(pixels);
        int different = 0;
        for (int i = 0; i < pixels.length; i++) {
            int most = 0;
            for (int shift = 0; shift <= 16; shift += 8) {
                most = Math.max(most, Math.abs((painted[i] >> shift & 0xFF) - (pixels[i] >> shift & 0xFF)));
            }
            different += most > 1 ? 1 : 0;
        }
        assertThat(different).isLessThanOrEqualTo(pixels.length / 1000);
    }

    // ---- the picture ----

    @Test
    void everyClassIsPaintedAsTheOverlayPaintsIt() {
        open(0, PANDA);
        BufferedImage photo = bare(160, 120);
        int[] order = {0, 2, 1};
        for (int choice = 0; choice < 3; choice++) {
            choose(choice);
            browser.opacity(60);
            assertPainted(
                    browser.pixels(),
                    Overlay.of(photo, PANDA.map(order[choice])).image());
        }
    }

    @Test
    void whatTheNetworkDidNotSeeHasNoHeat() {
        open(1, CROPPED);
        BufferedImage photo = bare(90, 140);
        browser.opacity(100);

        int[] painted = browser.pixels();

        assertPainted(painted, Overlay.of(photo, CROPPED.map()).opacity(1).image());
        assertThat(painted[45]).isEqualTo(photo.getRGB(45, 0) & 0xFFFFFF);
    }

    /** A network that crops its input and exchanges rows and columns. */
    @Test
    void mapsLieWhereTheNetworksOwnLayersPutThem() {
        Explanation turned = explanation(
                "turned.jpg",
                Geometry.squash(160, 120, 224, 224),
                new MapPlacement.Placed(new Extent(40, 224, 40, 224), new Extent(-16, 200, 0, 200), true),
                new float[] {9, 2, 5});
        Path single = folder.resolve("turned.html");
        Report.of("Turned").write(single, List.of(turned));

        browser.driver().get(single.toUri().toString());
        browser.awaitPhoto("turned.jpg");
        browser.awaitDrawn();
        BufferedImage photo = bare(160, 120);
        browser.opacity(60);

        assertPainted(browser.pixels(), Overlay.of(photo, turned.map()).image());
    }

    /** Maps of another layer have other cells, and lie where its own are. */
    @Test
    void theReaderSwitchesBetweenMethodsAndLayers() {
        Path page = folder.resolve("methods.html");
        BufferedImage photo = Canvas.copyOf(CROPPED.photo());
        Explanation seen;
        ActivationMap other;
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(
                        Golden.resource("/keras/models/gradients/vgg.keras"))
                .preprocessing(Preprocessing.NONE)
                .build()) {
            seen = mapper.explain(photo, "many.jpg");
            other = seen.map(seen.predictions(2).get(1).index(), HiResCam.at("block2_conv1"));
            Report.of("Methods")
                    .methods(List.of(HiResCam.at("block2_conv1"), GradCam.at("block1_conv2")))
                    .write(page, List.of(seen));
        }
        browser.driver().get(page.toUri().toString());
        browser.awaitPhoto("many.jpg");
        browser.awaitDrawn();
        assertThat(browser.element("method").getText().lines().map(String::strip))
                .containsExactly("cam, " + seen.map().layer(), "hires-cam, block2_conv1", "grad-cam, block1_conv2");
        BufferedImage bare = bare(photo.getWidth(), photo.getHeight());
        browser.opacity(60);
        assertPainted(browser.pixels(), Overlay.of(bare, seen.map()).image());

        choose(1);
        browser.element("method").sendKeys("hires");
        browser.awaitDrawn();

        assertPainted(browser.pixels(), Overlay.of(bare, other).image());
        assertThat(browser.element("peak").getText())
                .isEqualTo(
                        Heat.of(other).max() > 0
                                ? String.format(
                                        Locale.ROOT, "%.2f", Heat.of(other).max())
                                : "no evidence");
    }

    @Test
    void aReportOfOneMethodHasNoSwitch() {
        open(0, PANDA);

        assertThat(browser.element("methods").isDisplayed()).isFalse();
    }

    @Test
    void theSliderFadesTheHeat() {
        open(0, PANDA);
        BufferedImage photo = bare(160, 120);
        browser.opacity(60);
        WebElement slider = browser.element("opacity");

        slider.sendKeys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);

        assertThat(browser.element("percent").getText()).isEqualTo("63 %");
        assertPainted(
                browser.pixels(), Overlay.of(photo, PANDA.map()).opacity(0.63).image());
        // It keeps the photo: the arrows are the slider's.
        assertThat(browser.element("name").getText()).isEqualTo("panda.jpg");
        new Actions(browser.driver()).moveToElement(slider, -40, 0).click().perform();
        assertThat(Integer.parseInt(browser.element("percent").getText().replace(" %", "")))
                .isBetween(5, 50);
    }

    @Test
    void theReaderChoosesTheColours() {
        open(0, PANDA);
        BufferedImage photo = bare(160, 120);
        browser.opacity(60);

        browser.element("colormap").sendKeys("viridis");

        assertPainted(
                browser.pixels(),
                Overlay.of(photo, PANDA.map()).colormap(Colormap.VIRIDIS).image());
    }

    @Test
    void theBoxLiesWhereTheLocalizerPutsItAndCanBeHidden() {
        open(1, CROPPED);
        BoundingBox box = Localizer.paper().box(CROPPED.map()).orElseThrow();

        List<?> drawn =
                (List<?>) browser.run("const b = document.getElementById('box').getBoundingClientRect();const c ="
                        + " document.getElementById('picture').getBoundingClientRect(); const s = 90 /"
                        + " c.width;return [b.left - c.left, b.top - c.top, b.right - c.left, b.bottom -"
                        + " c.top].map(v => Math.round(v * s));");

        assertThat(drawn.stream().map(side -> ((Number) side).intValue()).toList())
                .containsExactly(box.x0(), box.y0(), box.x1(), box.y1());
        assertThat(browser.element("box").isDisplayed()).isTrue();
        browser.element("show-box").click();
        assertThat(browser.element("box").isDisplayed()).isFalse();
    }

    @Test
    void contourLinesAreDrawnAtTheirLevels() {
        open(0, PANDA);
        browser.opacity(0);
        int[] without = browser.pixels();

        browser.element("show-contours").click();

        int[] with = browser.pixels();
        Heat heat = Heat.of(PANDA.map());
        int drawn = 0;
        for (int y = 2; y < 118; y++) {
            for (int x = 2; x < 158; x++) {
                int i = y * 160 + x;
                if (with[i] != without[i]) {
                    drawn++;
                    assertThat(nearALevel(heat, x, y)).as("pixel %d, %d", x, y).isTrue();
                }
            }
        }
        assertThat(drawn).isGreaterThan(300);
        browser.element("show-contours").click();
        assertThat(browser.pixels()).isEqualTo(without);
    }

    /** Whether one of the three levels is crossed within two pixels. */
    private static boolean nearALevel(Heat heat, int x, int y) {
        double least = 1;
        double most = 0;
        for (int dy = -2; dy <= 2; dy++) {
            for (int dx = -2; dx <= 2; dx++) {
                double at = heat.at(y + dy, x + dx);
                least = Math.min(least, at);
                most = Math.max(most, at);
            }
        }
        double coldest = least;
        double hottest = most;
        return List.of(0.2, 0.5, 0.8).stream().anyMatch(level -> coldest <= level && level <= hottest);
    }

    @Test
    void pointingReadsTheValueOfThePhotosOwnPixel() {
        open(2, SHRUNK);
        float[] values = SHRUNK.map().upsampledArray();
        float max = Heat.of(SHRUNK.map()).max();
        WebElement picture = browser.element("picture");
        for (int[] offset : new int[][] {{0, 0}, {-101, 37}, {53, -62}, {120, 80}}) {
            new Actions(browser.driver())
                    .moveToElement(picture, offset[0], offset[1])
                    .perform();
            String reading = browser.element("reading").getText();

            assertThat(reading).matches("x \\d+, y \\d+: evidence -?\\d+\\.\\d\\d, .+");
            String[] words = reading.split("[ ,:]+", -1);
            int x = Integer.parseInt(words[1]);
            int y = Integer.parseInt(words[3]);
            double shown = picture.getSize().getWidth() / 300.0;
            assertThat(Math.abs(x - (150 + offset[0] / shown))).isLessThan(2);
            assertThat(Math.abs(y - (100 + offset[1] / shown))).isLessThan(2);
            float value = values[y * 300 + x];
            assertThat(words[5]).isEqualTo(String.format(Locale.ROOT, "%.2f", value));
            assertThat(reading)
                    .contains(
                            value > 0 ? Math.round(100 * value / max) + " % of the maximum" : "does not speak for it");
        }
    }

    @Test
    void aSmallerPictureShowsTheSameMap() {
        open(2, SHRUNK);
        BufferedImage photo = bare(160, 107);
        browser.opacity(60);
        ActivationMap map = SHRUNK.map();
        Geometry small = Geometry.squash(160, 107, 224, 224);

        // Heat is relative to the photo's maximum, which the smaller picture may miss by a little.
        BufferedImage overlay = Overlay.of(photo, new ActivationMap(map.prediction(), 5, 7, map.toArray(), small))
                .image();

        int[] painted = browser.pixels();
        int far = 0;
        for (int i = 0; i < painted.length; i++) {
            int difference = Math.abs((painted[i] & 0xFF) - (Canvas.pixels(overlay)[i] & 0xFF));
            far += difference > 6 ? 1 : 0;
        }
        assertThat(far).isLessThan(painted.length / 100);
    }

    // ---- going about ----

    @Test
    void arrowsGoThroughPhotosAndClassesAndEscapeToAllPhotos() {
        open(0, PANDA);
        assertThat(browser.element("previous").isEnabled()).isFalse();
        press(Keys.ARROW_RIGHT);
        browser.awaitPhoto(HOSTILE_NAME);
        assertThat(browser.element("position").getText()).isEqualTo("2 of 3");
        press(Keys.ARROW_LEFT);
        browser.awaitPhoto("panda.jpg");
        press(Keys.ARROW_DOWN);
        browser.awaitDrawn();
        assertThat(chosen()).isEqualTo("koala");
        press(Keys.ARROW_DOWN);
        browser.awaitDrawn();
        assertThat(chosen()).isEqualTo(HOSTILE_LABEL);
        press(Keys.ARROW_UP);
        browser.awaitDrawn();
        assertThat(chosen()).isEqualTo("koala");
        press("b");
        assertThat(browser.element("box").isDisplayed()).isFalse();
        press("c");
        assertThat(browser.element("show-contours").isSelected()).isTrue();
        press(Keys.ESCAPE);
        browser.await("!document.getElementById('gallery').hidden");
        assertThat(browser.element("viewer").isDisplayed()).isFalse();
        // Whoever goes by the keyboard is where they were.
        assertThat(browser.driver().switchTo().activeElement().getText()).contains("panda.jpg");
    }

    private static void press(CharSequence key) {
        new Actions(browser.driver()).sendKeys(key).perform();
    }

    private static String chosen() {
        return browser.driver()
                .findElement(By.cssSelector(".class:has(:checked) .label"))
                .getText();
    }

    @Test
    void theBackButtonLeadsBack() {
        open(0, PANDA);
        browser.element("next").click();
        browser.awaitPhoto(HOSTILE_NAME);

        browser.driver().navigate().back();
        browser.awaitPhoto("panda.jpg");
        browser.driver().navigate().back();
        browser.await("document.getElementById('viewer').hidden");

        assertThat(browser.element("gallery").isDisplayed()).isTrue();
    }

    @Test
    void aReportOfOnePhotoShowsItAtOnce() {
        Path single = folder.resolve("single.html");
        Report.of("One").classes(2).write(single, List.of(PANDA));

        browser.driver().get(single.toUri().toString());
        browser.awaitPhoto("panda.jpg");

        assertThat(browser.element("all").isDisplayed()).isFalse();
        assertThat(browser.element("next").isDisplayed()).isFalse();
        assertThat(browser.driver().findElements(By.className("class"))).hasSize(2);
        assertThat(browser.complaints()).isEmpty();
    }

    // ---- safety ----

    @Test
    void namesAndLabelsAreTextWhateverTheyHold() {
        assertThat(browser.element("gallery").getText())
                .contains(HOSTILE_NAME, HOSTILE_LABEL, "broken <b>.jpg", "it is \"no\" picture & empty");
        open(1, CROPPED);

        assertThat(browser.element("name").getText()).isEqualTo(HOSTILE_NAME);
        assertThat(chosen()).isEqualTo(HOSTILE_LABEL);
        assertThat(browser.run("return document.querySelector('#box span').textContent"))
                .isEqualTo(HOSTILE_LABEL + " 0.98");
        assertThat(browser.element("notes").getText()).isEqualTo("the map is <flat>");
        assertThat(browser.driver().getTitle()).isEqualTo("Bears & <friends>");
        assertThat(browser.run("return document.querySelectorAll('img').length"))
                .isEqualTo(3L);
        assertThat(browser.run("return document.querySelectorAll('script').length"))
                .isEqualTo(5L);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void nothingIsAskedOfAnyServerButThePageItself() throws IOException {
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        byte[] page = Files.readAllBytes(report);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            browser.requests();
            String address = "http://localhost:" + server.getAddress().getPort() + "/report.html";
            browser.driver().get(address);
            open(0, PANDA);
            choose(1);
            browser.element("next").click();
            browser.awaitPhoto(HOSTILE_NAME);

            assertThat(browser.requests()).containsExactly(address);
            assertThat(asked).containsExactly("/report.html");
            assertThat(browser.complaints()).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void scriptsThatAreNotThePagesOwnDoNotRun() {
        browser.run("const s = document.createElement('script'); s.textContent = \"document.title = 'hacked'\";"
                + "document.body.append(s);");

        assertThat(browser.driver().getTitle()).isEqualTo("Bears & <friends>");
        assertThat(browser.complaints()).anyMatch(line -> line.contains("Content Security Policy"));
    }

    // ---- readers ----

    @Test
    void aPhoneNeedsNoSidewaysScrolling() {
        browser.screen(320, 640);
        assertThat(overflow()).isZero();
        open(1, CROPPED);
        assertThat(overflow()).isZero();
        browser.element("previous").click();
        browser.awaitPhoto("panda.jpg");
        assertThat(overflow()).isZero();
        assertThat(browser.element("picture").getSize().getWidth()).isBetween(250, 320);
    }

    private static long overflow() {
        return (Long) browser.run("return Math.max(0, document.documentElement.scrollWidth - window.innerWidth)");
    }

    @Test
    void itIsDarkForThoseWhoLikeItDark() {
        assertThat(background()).isEqualTo("rgb(255, 255, 255)");

        browser.colourScheme("dark");

        assertThat(background()).isEqualTo("rgb(20, 23, 27)");
    }

    @Test
    void paperIsWhiteAndShowsNoControls() {
        browser.printed(true);
        assertThat(background()).isEqualTo("rgb(255, 255, 255)");
        assertThat(browser.element("finder").isDisplayed()).isFalse();
        assertThat(browser.driver().findElements(By.cssSelector(".card img"))).allMatch(WebElement::isDisplayed);

        open(0, PANDA);

        assertThat(browser.element("picture").isDisplayed()).isTrue();
        assertThat(browser.element("box").isDisplayed()).isTrue();
        assertThat(browser.element("ramp").isDisplayed()).isTrue();
        for (String control : List.of("opacity", "colormap", "next", "all", "reading")) {
            assertThat(browser.element(control).isDisplayed()).as(control).isFalse();
        }
        assertThat(browser.run("return getComputedStyle(document.getElementById('ramp')).printColorAdjust"))
                .as("browsers leave out backgrounds that are not exact")
                .isEqualTo("exact");
    }

    private static Object background() {
        return browser.run("return getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void aScreenReaderHasWordsForEverything() {
        assertThat(browser.driver().findElements(By.className("open")))
                .allSatisfy(card -> assertThat(card.getAccessibleName()).contains(".jpg"));
        open(0, PANDA);

        WebElement picture = browser.element("picture");
        assertThat(picture.getAriaRole()).isIn("img", "image");
        assertThat(picture.getAccessibleName())
                .contains("panda.jpg", "the evidence for giant panda", "the hottest region goes from x");
        assertThat(browser.element("viewer").getAccessibleName()).isEqualTo("panda.jpg");
        assertThat(browser.element("next").getAccessibleName()).isEqualTo("Next photo");
        assertThat(browser.element("opacity").getAccessibleName()).isEqualTo("Opacity");
        assertThat(browser.element("colormap").getAccessibleName()).isEqualTo("Colours");
        assertThat(browser.driver().findElement(By.cssSelector("[type=radio]")).getAccessibleName())
                .contains("giant panda", "0.98");
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("name");
    }

    @Test
    void theRunsFactsAreThere() {
        assertThat(browser.driver().findElement(By.tagName("footer")).getText())
                .contains(
                        "animals.h5",
                        "5b41c1d1".repeat(8),
                        "an engine",
                        "224x224x3, squashed, bilinear",
                        "1.2.3",
                        "UTC");
        assertThat(browser.element("summary").getText()).isEqualTo("3 photos explained, 1 not");
    }
}
