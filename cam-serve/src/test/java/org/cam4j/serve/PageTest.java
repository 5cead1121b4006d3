package org.cam4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page as people have it: in a real browser. */
class PageTest {

    /** 64x64, one cell of 8x8 pixels. */
    private static final byte[] LEAF = Colours.photo(64, 64, Color.GREEN, new Rectangle(16, 8, 8, 8));

    private static final byte[] ROSE = Colours.photo(80, 60, Color.RED, new Rectangle(40, 30, 40, 30));
    private static final String HOSTILE = "<img src=x onerror=\"document.title='hacked'\"> & 'b'.png";
    private static final String TOKEN = "the/token+of~tests";

    @TempDir
    static Path folder;

    private static ClassActivationMapper mapper;
    private static ClassActivationMapper other;
    private static CamServer server;
    private static CamServer closed;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        browser = Browser.start().orElse(null);
        mapper = Colours.builder().build();
        other = Colours.builder().layer("cells").build();
        ServerSettings settings = ServerSettings.standard().at("127.0.0.1", 0);
        List<ServedModel> models = List.of(new ServedModel("colours", mapper), new ServedModel("cells", other));
        server = CamServer.start(settings, models);
        closed = CamServer.start(settings.withToken(TOKEN), models);
        Files.write(folder.resolve("leaf.png"), LEAF);
        Files.write(folder.resolve("rose.png"), ROSE);
        Files.write(folder.resolve("broken.png"), new byte[] {1, 2, 3});
        Files.write(folder.resolve(HOSTILE), LEAF);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        server.close();
        closed.close();
        mapper.close();
        other.close();
    }

    @BeforeEach
    void openPage() {
        assumeTrue(browser != null, Browser.MISSING);
        browser.screen(1200, 900);
        browser.colourScheme("light");
        open(server.uri().toString());
        browser.await("!document.getElementById('choose').disabled");
    }

    private static void open(String address) {
        browser.driver().get("about:blank");
        browser.complaints();
        browser.requests();
        browser.driver().get(address);
    }

    private static void choose(String... names) {
        browser.element("files")
                .sendKeys(Stream.of(names)
                        .map(name -> folder.resolve(name).toString())
                        .collect(Collectors.joining("\n")));
        awaitShown(names[0]);
    }

    private static void awaitShown(String name) {
        browser.await("document.getElementById('name').textContent === arguments[0]", name);
        awaitDrawn();
    }

    private static void awaitDrawn() {
        browser.await(
                "[...document.querySelectorAll('.pane canvas')].every(c => c.getAttribute('aria-busy') === 'false')");
    }

    private static void awaitCards(int count) {
        browser.await("document.querySelectorAll('.card').length === arguments[0]", count);
    }

    private static String described(int pane) {
        return browser.driver()
                .findElements(By.cssSelector(".pane canvas"))
                .get(pane)
                .getDomAttribute("aria-label");
    }

    private static String text(String selector) {
        return String.valueOf(browser.run("return document.querySelector(arguments[0]).textContent", selector));
    }

    private static WebElement find(String selector) {
        return browser.driver().findElement(By.cssSelector(selector));
    }

    /** Sends keys to whatever has the focus. */
    private static void press(CharSequence... keys) {
        new Actions(browser.driver()).sendKeys(keys).perform();
    }

    private static String focused() {
        return String.valueOf(browser.run("const e = document.activeElement; return e.id || e.className || e.tagName"));
    }

    @Test
    void aChosenPhotoIsExplained() {
        choose("leaf.png");

        assertThat(text(".class .label")).isEqualTo("green");
        assertThat(described(0)).contains("leaf.png", "evidence for green");
        // The hottest cell is the third of the second row.
        Number green = (Number) browser.run("const c = document.querySelector('.pane canvas');"
                + "return c.getContext('2d').getImageData(20, 12, 1, 1).data[0]");
        assertThat(green.intValue()).as("red of the hottest pixel in turbo").isGreaterThan(60);
        Explanation explanation = mapper.explain(LEAF, "leaf.png");
        assertThat(text(".peak"))
                .isEqualTo(String.format(
                        Locale.ROOT, "%.2f", explanation.map().photoMap().max()));
        BoundingBox box = Localizer.paper().box(explanation.map()).orElseThrow();
        assertThat(described(0))
                .contains("from x " + box.x0() + ", y " + box.y0() + " to x " + box.x1() + ", y " + box.y1());
        assertThat(text(".card .label")).isEqualTo("green");
        assertThat(browser.element("status").getText()).isEqualTo("Explained leaf.png.");
    }

    @Test
    void thePageAsksItsOwnServerAloneAndNothingIsBlocked() {
        choose("leaf.png", "rose.png");
        awaitCards(2);
        find("#compare").click();
        awaitDrawn();

        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests())
                .isNotEmpty()
                .allMatch(address -> address.startsWith(server.uri().toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "paste"})
    void photosAreDroppedAndPasted(String how) {
        browser.run(
                "const bytes = Uint8Array.from(atob(arguments[1]), c => c.charCodeAt(0));"
                        + "const data = new DataTransfer();"
                        + "data.items.add(new File([bytes], 'dropped.png', {type: 'image/png'}));"
                        + "document.body.dispatchEvent(arguments[0] === 'drop'"
                        + " ? new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})"
                        + " : new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));",
                how,
                Base64.getEncoder().encodeToString(LEAF));

        awaitShown("dropped.png");
        assertThat(text(".class .label")).isEqualTo("green");
    }

    @Test
    void phonesTakePhotosWithTheirCamera() {
        assertThat(find("#take").isDisplayed()).isFalse();
        browser.screen(390, 844);
        browser.touch(true);
        try {
            open(server.uri().toString());
            browser.await("!document.getElementById('take').disabled");

            assertThat(find("#take").isDisplayed()).isTrue();
            assertThat(find("#camera").getDomAttribute("capture")).isEqualTo("environment");
            find("#camera").sendKeys(folder.resolve("leaf.png").toString());
            awaitShown("leaf.png");
        } finally {
            browser.touch(false);
        }
    }

    @Test
    void namesAndLabelsAreTextWhateverTheyHold() {
        choose(HOSTILE);
        find(".any").sendKeys("2", Keys.ENTER);
        browser.await("document.querySelector('.mark span').textContent.startsWith('blue')"
                + " || document.querySelector('.pane canvas').getAttribute('aria-label').includes('blue')");

        assertThat(browser.driver().getTitle()).isEqualTo("cam4j");
        assertThat(text("#name")).isEqualTo(HOSTILE);
        assertThat(text(".card .file")).isEqualTo(HOSTILE);
        assertThat(described(0)).contains("blue <b>");
        assertThat(browser.driver().findElements(By.cssSelector("main img, main b")))
                .isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void twoModelsAreComparedSideBySide() {
        choose("leaf.png");
        find("#compare").click();
        browser.await("document.querySelectorAll('.pane').length === 2");
        awaitDrawn();

        WebElement right = browser.driver().findElements(By.className("pane")).get(1);
        assertThat(right.findElement(By.className("model")).getDomProperty("value"))
                .isEqualTo("cells");
        assertThat(browser.driver()
                        .findElements(By.className("pane"))
                        .get(0)
                        .getLocation()
                        .getY())
                .isEqualTo(right.getLocation().getY());
        find("#compare").click();
        assertThat(browser.driver().findElements(By.className("pane"))).hasSize(1);
    }

    @Test
    void twoClassesAreComparedSideBySide() {
        choose("leaf.png");
        find("#compare").click();
        awaitDrawn();
        WebElement right = browser.driver().findElements(By.className("pane")).get(1);

        right.findElement(By.cssSelector(".model option[value=colours]")).click();
        awaitDrawn();
        right.findElements(By.cssSelector(".class input")).get(1).click();
        awaitDrawn();

        assertThat(described(0)).contains("evidence for green");
        assertThat(described(1))
                .contains("evidence for "
                        + right.findElements(By.cssSelector(".class .label"))
                                .get(1)
                                .getText());
    }

    @Test
    void methodsAndLayersAreChosen() {
        choose("leaf.png");
        find(".layer option[value=cells]").click();
        awaitDrawn();
        assertThat(text(".failure")).isEmpty();
        assertThat(browser.run("return panes[0].data.methods[panes[0].method]")).isEqualTo("cam, cells");
        find(".method option[value=hires-cam]").click();
        awaitDrawn();
        assertThat(browser.run("return panes[0].data.methods[panes[0].method]")).isEqualTo("hires-cam, cells");
        find(".method option[value=occlusion]").click();
        awaitDrawn();
        assertThat(find(".layer").isEnabled()).isFalse();
        assertThat(browser.run("return panes[0].data.methods[panes[0].method]").toString())
                .startsWith("occlusion");
    }

    @Test
    void aPhotoThatCannotBeReadSaysWhyAndOthersGoOn() {
        browser.element("files").sendKeys(folder.resolve("broken.png") + "\n" + folder.resolve("rose.png"));
        awaitShown("rose.png");

        assertThat(text(".card.failed .label")).isEqualTo("broken.png");
        assertThat(text(".card.failed p")).contains("broken.png");
        assertThat(text(".class .label")).isEqualTo("red");
    }

    @Test
    void anUnknownClassIsRefusedInWords() {
        choose("leaf.png");
        find(".any").sendKeys("yellow", Keys.ENTER);

        browser.await("!document.querySelector('.failure').hidden");
        assertThat(text(".failure")).contains("no class called 'yellow'");
    }

    @Test
    void theGalleryKeepsTheLastTwelve() {
        Stream<String> names = Stream.generate(() -> "leaf.png").limit(13);
        browser.element("files")
                .sendKeys(names.map(name -> folder.resolve(name).toString()).collect(Collectors.joining("\n")));
        browser.await("photos.length === 12 && document.getElementById('status').textContent.startsWith('Explained')");

        assertThat(browser.driver().findElements(By.className("card"))).hasSize(12);
    }

    @Test
    void everythingWorksByTheKeyboard() {
        choose("leaf.png", "rose.png");
        awaitCards(2);
        browser.run("document.activeElement.blur()");
        Set<String> reached = new TreeSet<>();
        for (int i = 0; i < 40; i++) {
            press(Keys.TAB);
            reached.add(focused());
        }
        assertThat(reached)
                .contains(
                        "choose",
                        "compare",
                        "any",
                        "model",
                        "method",
                        "layer",
                        "opacity",
                        "colormap",
                        "show-box",
                        "show-contours",
                        "open");

        browser.run("document.querySelector('.open').focus()");
        press(Keys.ENTER);
        awaitShown("rose.png");
        assertThat(focused()).isEqualTo("name");
        press(Keys.ARROW_DOWN);
        awaitDrawn();
        assertThat(described(0)).doesNotContain("evidence for red");
        press(Keys.ARROW_RIGHT);
        awaitShown("leaf.png");
        press("b");
        assertThat(find(".mark").isDisplayed()).isFalse();
        press("v");
        browser.await("document.querySelectorAll('.pane').length === 2");
        awaitDrawn();
    }

    @ParameterizedTest
    @CsvSource({"1200,light", "1200,dark", "390,light", "390,dark"})
    void nothingIsWiderThanTheScreenAndColoursFollowTheReader(int width, String scheme) {
        browser.screen(width, 844);
        browser.colourScheme(scheme);
        choose("leaf.png", "rose.png");
        awaitCards(2);
        find("#compare").click();
        awaitDrawn();

        assertThat(((Number) browser.run("return document.documentElement.scrollWidth")).intValue())
                .isLessThanOrEqualTo(width);
        for (WebElement control : browser.driver().findElements(By.cssSelector("button, select, input, canvas"))) {
            if (control.isDisplayed()) {
                assertThat(control.getRect().getX() + control.getRect().getWidth())
                        .isLessThanOrEqualTo(width);
            }
        }
        String background = (String) browser.run("return getComputedStyle(document.body).backgroundColor");
        assertThat(background).isEqualTo(scheme.equals("dark") ? "rgb(20, 23, 27)" : "rgb(255, 255, 255)");
    }

    @Test
    void downloadsAreTheServersAnswers() throws IOException {
        Path downloads = Files.createDirectory(folder.resolve("downloads"));
        browser.driver()
                .executeCdpCommand(
                        "Browser.setDownloadBehavior",
                        Map.of("behavior", "allow", "downloadPath", downloads.toString(), "eventsEnabled", false));
        choose(HOSTILE);
        String base = "_img_src_x_onerror_document.title_hacked_b_-cam.";
        Client client = new Client(server.uri());
        for (String format : List.of("json", "png")) {
            find(".downloads button[value=" + format + "]").click();
            Path file = downloads.resolve(base + format);
            while (!Files.exists(file) || Files.size(file) == 0) {
                Thread.onSpinWait();
            }
            assertThat(Files.readAllBytes(file))
                    .isEqualTo(client.explain(
                                    "?class=1&format=" + format + "&name="
                                            + URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8),
                                    LEAF)
                            .body());
        }
    }

    @Test
    void theTokenComesBehindTheNumberSignAndDoesNotStayThere() {
        open(closed.uri() + "#token=" + TOKEN);
        browser.await("!document.getElementById('choose').disabled");
        assertThat(browser.driver().getCurrentUrl()).isEqualTo(closed.uri().toString());
        choose("leaf.png");
        assertThat(text(".class .label")).isEqualTo("green");
        browser.run("sessionStorage.clear()");
    }

    @Test
    void withoutATokenThePageAsksForIt() {
        open(closed.uri().toString());
        browser.await("!document.getElementById('login').hidden");
        browser.element("token").sendKeys("wrong-token", Keys.ENTER);
        browser.await("document.getElementById('status').textContent.includes('token')");
        browser.element("token").clear();
        browser.element("token").sendKeys(TOKEN, Keys.ENTER);
        browser.await("!document.getElementById('choose').disabled");

        choose("leaf.png");
        assertThat(text(".class .label")).isEqualTo("green");
        browser.run("sessionStorage.clear()");
    }
}
