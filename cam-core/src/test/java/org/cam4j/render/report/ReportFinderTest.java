package org.cam4j.render.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.List;
import org.cam4j.Explanation;
import org.cam4j.Explanations;
import org.cam4j.Labels;
import org.cam4j.image.Geometry;
import org.cam4j.image.MapPlacement;
import org.cam4j.render.picture.Canvas;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Searching, filtering and sorting the photos of a report, in a real browser. */
class ReportFinderTest extends ReportInBrowser {

    private static final Labels LABELS = Labels.of("bear", "zebra", "koala");

    private static Explanation explanation(String name, int size, float... logits) {
        return Explanations.of(
                name,
                Canvas.filled(size, size, new Color(0x6080A0)),
                Geometry.squash(size, size, 224, 224),
                MapPlacement.whole(224, 224),
                LABELS,
                logits,
                new float[] {1, 2, 3, 4, 3, 2, 1, 0, -1, 5, 6, 7},
                2,
                2);
    }

    @BeforeAll
    static void begin() {
        begin(Report.of("Animals"), page -> {
            // Probabilities 0.67, 0.99 and 0.50; the last one has two classes that are nearly as likely.
            page.add(explanation("photo10.jpg", 40, 2, 1, 0), List.of());
            page.add(explanation("photo9.jpg", 1, 0, 6, 0), List.of("the map is <flat>", "a second remark"));
            page.addFailure("broken.jpg", "it is no picture");
            page.add(explanation("Kim.jpg", 40, 0, 2, 2.01f), List.of());
        });
    }

    private static List<String> shown() {
        return browser.driver().findElements(By.cssSelector(".card")).stream()
                .filter(WebElement::isDisplayed)
                .map(card -> card.findElement(By.className("file")).getText())
                .toList();
    }

    private static void pick(String list, String option) {
        browser.driver()
                .executeScript(
                        "const list = document.getElementById(arguments[0]);list.value = [...list.options].find((each)"
                                + " => each.text.trim() === arguments[1]).value;list.dispatchEvent(new Event('input',"
                                + " {bubbles: true}));",
                        list,
                        option);
    }

    @Test
    void photosAreSearchedByNameAndClass() {
        WebElement search = browser.driver().findElement(By.id("search"));

        search.sendKeys("photo");
        assertThat(shown()).containsExactly("photo10.jpg", "photo9.jpg");
        assertThat(browser.driver().findElement(By.id("found")).getText()).isEqualTo("2 of 4");
        search.sendKeys(" ZEBRA");
        assertThat(shown()).containsExactly("photo9.jpg");
        search.clear();
        search.sendKeys("b");
        assertThat(shown()).containsExactly("photo10.jpg", "photo9.jpg", "broken.jpg");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void photosAreFilteredByWarningsFailuresAndClass() {
        pick("filter", "with warnings");
        assertThat(shown()).containsExactly("photo9.jpg");
        pick("filter", "without warnings");
        assertThat(shown()).containsExactly("photo10.jpg", "Kim.jpg");
        pick("filter", "not explained");
        assertThat(shown()).containsExactly("broken.jpg");
        pick("filter", "koala");
        assertThat(shown()).containsExactly("Kim.jpg");
        pick("filter", "all photos");
        assertThat(shown()).hasSize(4);
    }

    @Test
    void photosAreSortedByNameClassProbabilityAndDoubt() {
        pick("sort", "by name");
        assertThat(shown()).containsExactly("broken.jpg", "Kim.jpg", "photo9.jpg", "photo10.jpg");
        pick("sort", "by class");
        assertThat(shown()).containsExactly("photo10.jpg", "Kim.jpg", "photo9.jpg", "broken.jpg");
        pick("sort", "most probable first");
        assertThat(shown()).containsExactly("photo9.jpg", "photo10.jpg", "Kim.jpg", "broken.jpg");
        pick("sort", "most doubtful first");
        assertThat(shown()).containsExactly("Kim.jpg", "photo10.jpg", "photo9.jpg", "broken.jpg");
        pick("sort", "as given");
        assertThat(shown()).containsExactly("photo10.jpg", "photo9.jpg", "broken.jpg", "Kim.jpg");
    }

    @Test
    void theArrowsGoThroughThePhotosAsTheyAreSorted() {
        pick("sort", "most doubtful first");
        open(0, "Kim.jpg");
        assertThat(browser.driver().findElement(By.id("position")).getText()).isEqualTo("1 of 3");

        browser.driver().findElement(By.id("next")).click();
        browser.awaitPhoto("photo10.jpg");
        browser.driver().findElement(By.id("next")).click();
        browser.awaitPhoto("photo9.jpg");

        assertThat(browser.driver().findElement(By.id("next")).isEnabled()).isFalse();
    }

    @Test
    void cardsSayTheirFirstWarning() {
        assertThat(browser.driver().findElements(By.className("warning")))
                .singleElement()
                .extracting(WebElement::getText)
                .isEqualTo("the map is <flat>");
    }

    @Test
    void aPhotoOfOnePixelIsDrawn() {
        open(1, "photo9.jpg");

        WebElement picture = browser.driver().findElement(By.id("picture"));
        assertThat(picture.getSize().getWidth()).isGreaterThan(100);
        assertThat(picture.getSize().getHeight()).isGreaterThan(100);
        assertThat(browser.pixels()).hasSize(1);
        assertThat(browser.complaints()).isEmpty();
    }
}
