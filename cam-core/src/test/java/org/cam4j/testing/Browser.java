package org.cam4j.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.slf4j.LoggerFactory;

/** The machine's Chromium without a window, and a page in it. */
public final class Browser implements AutoCloseable {

    /** Why tests are skipped. */
    public static final String MISSING =
            "no Chromium with its chromedriver on the PATH: the tests of web pages are skipped."
                    + " On Debian: apt-get install chromium chromium-driver";

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(Browser.class);
    private static final List<String> FLAGS = List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--force-color-profile=srgb");

    /** Selenium warns of browsers that are newer than itself; what is used here is older than both. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; empty where there is none, unless the variable CI is set: a gate does without it in no case. */
    public static Optional<Browser> start() {
        Optional<Path> browser = onPath("chromium", "chromium-browser", "google-chrome", "chrome");
        Optional<Path> control = onPath("chromedriver");
        if (browser.isEmpty() || control.isEmpty()) {
            if (System.getenv("CI") != null) {
                Assertions.fail(MISSING);
            }
            LOG.warn(MISSING);
            return Optional.empty();
        }
        SELENIUM.setLevel(Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.orElseThrow().toFile());
        options.addArguments(FLAGS);
        LoggingPreferences log = new LoggingPreferences();
        log.enable(LogType.BROWSER, Level.ALL);
        log.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, log);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(control.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(30));
        return Optional.of(new Browser(driver));
    }

    private static Optional<Path> onPath(String... names) {
        return Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(folder -> !folder.isEmpty())
                .flatMap(folder -> List.of(names).stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The driver of the browser. */
    public ChromeDriver driver() {
        return driver;
    }

    /** An element by its id. */
    public WebElement element(String id) {
        return driver.findElement(By.id(id));
    }

    /** Runs a script in the page. */
    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Waits for what a click or a key began: until an expression of the page's is true. */
    public void await(String condition, Object... arguments) {
        driver.executeAsyncScript(
                "const done = arguments[arguments.length - 1];" + "const look = () => " + condition
                        + " ? done() : setTimeout(look, 5); look();",
                arguments);
    }

    /** Waits until a photo is drawn. */
    public void awaitPhoto(String name) {
        await("document.getElementById('name').textContent === arguments[0]", name);
        awaitDrawn();
    }

    /** Waits until the report's photo is drawn. */
    public void awaitDrawn() {
        await("document.getElementById('picture').getAttribute('aria-busy') === 'false'");
    }

    /** The canvas's pixels, {@code 0xRRGGBB}, row by row. */
    public int[] pixels() {
        List<?> values = (List<?>)
                run("const c = document.getElementById('picture');const d = c.getContext('2d').getImageData(0, 0,"
                        + " c.width, c.height).data;const p = []; for (let i = 0; i < d.length; i += 4)"
                        + " p.push(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return p;");
        return values.stream().mapToInt(value -> ((Number) value).intValue()).toArray();
    }

    /** Sets the opacity as the slider does. */
    public void opacity(int percent) {
        run(
                "const s = document.getElementById('opacity'); s.value = arguments[0];"
                        + "s.dispatchEvent(new Event('input', {bubbles: true}));",
                percent);
    }

    /** As on a screen of another size. */
    public void screen(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    /** As on a screen that is touched, or not. */
    public void touch(boolean isTouched) {
        driver.executeCdpCommand(
                "Emulation.setTouchEmulationEnabled", Map.of("enabled", isTouched, "maxTouchPoints", 1));
    }

    /** As for readers who like it dark, or light. */
    public void colourScheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** As on paper, printed by readers who like it dark; or on the screen again. */
    public void printed(boolean printed) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "media",
                        printed ? "print" : "screen",
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", printed ? "dark" : "light"))));
    }

    /** What the page complained about since the last call. */
    public List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .toList();
    }

    /** The addresses that the page asked for since the last call, but for data that it holds itself. */
    public List<String> requests() {
        Pattern address = Pattern.compile("\"method\":\"Network.requestWillBeSent\".*?\"url\":\"(?!data:)([^\"]*)\"");
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .flatMap(entry -> address.matcher(entry.getMessage()).results())
                .map(match -> match.group(1))
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
