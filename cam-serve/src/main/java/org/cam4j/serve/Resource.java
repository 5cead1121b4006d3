package org.cam4j.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.cam4j.ClassActivationMapper;
import org.cam4j.render.report.Report;

/** The files of the page and the description of the API, from cam4j's jars. */
final class Resource {

    private Resource() {}

    /** All files by their paths. */
    static Map<String, Answer> all() {
        Map<String, Answer> files = new LinkedHashMap<>();
        files.put("/", Answer.of("text/html; charset=utf-8", text("page.html")));
        files.put("/serve.css", Answer.of("text/css; charset=utf-8", text("serve.css")));
        files.put(
                "/report.css",
                Answer.of("text/css; charset=utf-8", Report.styleSheet().getBytes(StandardCharsets.UTF_8)));
        files.put("/serve.js", Answer.of("text/javascript; charset=utf-8", text("serve.js")));
        files.put(
                "/maps.js",
                Answer.of(
                        "text/javascript; charset=utf-8", Report.drawingScript().getBytes(StandardCharsets.UTF_8)));
        files.put("/openapi.json", Answer.of(Answer.JSON, text("openapi.json")));
        return files;
    }

    private static byte[] text(String name) {
        try (InputStream in = Resource.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("{{version}}", ClassActivationMapper.version())
                    .getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the server's " + name + " cannot be read from cam4j's jar", e);
        }
    }
}
