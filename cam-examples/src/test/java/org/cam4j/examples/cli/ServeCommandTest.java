package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Scanner;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cam4j.examples.Demo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

    private static final Path PANDA = Demo.PHOTOS.resolve("giant_panda.jpg");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void serveAnswersWithTheJsonOfExplainUntilItIsInterrupted() throws Exception {
        StringWriter errors = new StringWriter();
        PipedWriter out = new PipedWriter();
        try (Scanner lines = new Scanner(new PipedReader(out, 4096))) {
            FutureTask<Integer> serving = new FutureTask<>(() -> Cam4j.run(
                    new String[] {"serve", "--model", Demo.MODEL.toString(), "--port", "0", "--host", "0.0.0.0"},
                    new PrintWriter(out, true),
                    new PrintWriter(errors, true)));
            Thread thread = new Thread(serving);
            thread.start();
            Matcher address = Pattern.compile("cam4j \\S+ explains photos at (http://localhost:\\d+/)")
                    .matcher(lines.nextLine());
            assertThat(address.matches()).isTrue();
            Matcher page = Pattern.compile("with the page (\\S+)#token=(\\S+)").matcher(lines.nextLine());
            assertThat(page.matches()).isTrue();
            assertThat(lines.nextLine()).contains("Authorization: Bearer " + page.group(2));

            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(address.group(1) + "explain?name=giant_panda.jpg&top=2"))
                                    .header("Content-Type", "image/jpeg")
                                    .header("Authorization", "Bearer " + page.group(2))
                                    .POST(HttpRequest.BodyPublishers.ofFile(PANDA))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            thread.interrupt();

            assertThat(serving.get()).isZero();
            assertThat(errors.toString()).isEqualTo("cam4j: stopped" + System.lineSeparator());
            CommandLineRun.of("explain", "--model", Demo.MODEL, "--top", 2, "--out", folder, PANDA);
            JsonNode written = JSON.readTree(folder.resolve("giant_panda.json").toFile());
            assertThat(withoutFiles(JSON.readTree(answer.body()))).isEqualTo(withoutFiles(written));
        }
    }

    /** A service has the values themselves in place of the names of files. */
    private static JsonNode withoutFiles(JsonNode json) {
        json.get("maps").forEach(map -> ((ObjectNode) map).remove("values"));
        json.get("maps").forEach(map -> ((ObjectNode) map).remove("overlay"));
        return json;
    }

    @Test
    void impossibleOptionsAreRefusedBeforeTheModelIsRead() {
        CommandLineRun token = CommandLineRun.of("serve", "--model", "none.h5", "--token", "short");
        assertThat(token.status()).isEqualTo(2);
        assertThat(token.errors()).contains("fewer than 8 characters").doesNotContain("short");
        assertThat(CommandLineRun.of("serve", "--model", "none.h5", "--cors", "*")
                        .errors())
                .contains("'*'");
        assertThat(CommandLineRun.of("serve", "--model", "none.h5", "--port", "99999")
                        .errors())
                .contains("99999");
        assertThat(CommandLineRun.of("serve", "--model", "none.h5", "--queue", "0")
                        .errors())
                .contains("0 requests");
    }
}
