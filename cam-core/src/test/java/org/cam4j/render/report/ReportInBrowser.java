package org.cam4j.render.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.cam4j.testing.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** A report in a real browser, opened anew before each test. */
abstract class ReportInBrowser {

    @TempDir
    static Path folder;

    static Browser browser;
    static Path report;

    /** Writes the report of all tests and starts the browser. */
    static void begin(Report settings, Report.Content content) {
        browser = Browser.start().orElse(null);
        report = folder.resolve("report.html");
        settings.write(report, content);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openReport() {
        assumeTrue(browser != null, Browser.MISSING);
        browser.screen(1200, 900);
        browser.printed(false);
        browser.driver().get("about:blank");
        browser.driver().get(report.toUri().toString());
        browser.complaints();
    }

    /** Opens a photo by the place of its card. */
    static void open(int card, String name) {
        browser.driver().findElements(By.className("open")).get(card).click();
        browser.awaitPhoto(name);
    }
}
