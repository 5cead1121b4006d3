package org.cam4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.explain.GradCam;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.cam4j.render.report.Report;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs get from {@code POST /explain}. */
class ExplainTest {

    /** 64x64, one green cell of 8x8 pixels: the third of the second row of cells. */
    private static final byte[] PHOTO = Colours.photo(64, 64, Color.GREEN, new Rectangle(16, 8, 8, 8));

    private static final long MOST_PIXELS = 10_000;

    private static ClassActivationMapper mapper;
    private static ClassActivationMapper other;
    private static CamServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        mapper = Colours.builder().maxPixels(MOST_PIXELS).build();
        other = Colours.builder().layer("cells").build();
        server = CamServer.start(
                ServerSettings.standard()
                        .at("127.0.0.1", 0)
                        .withLimits(Limits.standard().withUploadBytes(100_000)),
                List.of(new ServedModel("colours", mapper), new ServedModel("cells", other)));
        client = new Client(server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
        mapper.close();
        other.close();
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status, String... words) {
        assertThat(answer.statusCode()).as(Client.text(answer)).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = Client.json(answer);
        assertThat(problem.get("status").intValue()).isEqualTo(status);
        assertThat(problem.get("title").textValue()).isNotBlank();
        assertThat(problem.get("detail").textValue()).contains(words).doesNotContain("org.cam4j", "\tat ");
    }

    @Test
    void aRawPhotoIsExplainedInClosedForm() {
        HttpResponse<byte[]> answer = client.explain("?name=leaf.png", PHOTO);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode json = Client.json(answer);
        assertThat(json.get("image").textValue()).isEqualTo("leaf.png");
        assertThat(json.get("width").intValue()).isEqualTo(64);
        JsonNode best = json.get("predictions").get(0);
        assertThat(best.get("label").textValue()).isEqualTo("green");
        // One cell of 64 is green, its excess is 1, and scores are ten times the mean.
        assertThat(best.get("logit").doubleValue()).isCloseTo(10.0 / 64, offset(1e-6));
        JsonNode map = json.get("maps").get(0);
        assertThat(map.get("method").textValue()).isEqualTo("cam");
        assertThat(map.get("values")).hasSize(8);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 8; x++) {
                assertThat(map.get("values").get(y).get(x).floatValue()).isEqualTo(y == 1 && x == 2 ? 10f : 0f);
            }
        }
    }

    @Test
    void aFormGivesTheAnswerOfARawPhoto() {
        byte[] raw =
                client.explain("?name=leaf.png&class=red&class=1&top=1", PHOTO).body();

        assertThat(client.form("/explain?class=red", "leaf.png", PHOTO, Map.of("class", "1", "top", "1"))
                        .body())
                .isEqualTo(raw);
        assertThat(client.form("/explain?class=red&class=1&top=1", "C:\\photos\\leaf.png", PHOTO, Map.of())
                        .body())
                .isEqualTo(raw);
    }

    @Test
    void chosenClassesMethodsAndLayersAreMapped() {
        JsonNode json =
                Client.json(client.explain("?class=blue%20%3Cb%3E&class=0&method=cam,grad-cam&layer=cells", PHOTO));

        assertThat(json.get("maps").findValuesAsText("label")).containsExactly("blue <b>", "blue <b>", "red", "red");
        assertThat(json.get("maps").findValuesAsText("method")).containsExactly("cam", "grad-cam", "cam", "grad-cam");
        assertThat(json.get("maps").findValuesAsText("layer")).containsOnly("cells");
        Explanation explanation = mapper.explain(PHOTO, "image");
        assertThat(json.get("maps").get(3).get("values").get(1).get(2).floatValue())
                .isEqualTo(explanation.map(0, GradCam.at("cells")).at(1, 2));
    }

    @Test
    void aRequestChoosesTheModel() {
        assertThat(Client.json(client.explain("?model=cells", PHOTO))
                        .get("maps")
                        .get(0)
                        .get("layer")
                        .textValue())
                .isEqualTo("cells");
        assertThat(Client.json(client.explain("", PHOTO))
                        .get("maps")
                        .get(0)
                        .get("layer")
                        .textValue())
                .isEqualTo("excess");
        assertProblem(client.explain("?model=none", PHOTO), 400, "'none'", "colours, cells");
    }

    @Test
    void aPictureIsTheOverlay() {
        Explanation explanation = mapper.explain(PHOTO, "image");
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Overlay.of(explanation)
                .label()
                .box(Localizer.paper().box(explanation.map()).orElseThrow())
                .write(expected);

        HttpResponse<byte[]> answer = client.explain("?format=png", PHOTO);

        assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(answer.body()).isEqualTo(expected.toByteArray());
    }

    @Test
    void aPageIsTheReportApartFromTheServersPages() {
        String name = "<img src=x onerror=alert(1)>.png";
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Report.of(name)
                .methods(List.of(GradCam.atTarget()))
                .write(expected, page -> page.add(mapper.explain(PHOTO, name)));

        HttpResponse<byte[]> answer =
                client.form("/explain", name, PHOTO, Map.of("format", "html", "method", "grad-cam"));

        Pattern written = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
        assertThat(written.matcher(Client.text(answer)).replaceAll(""))
                .isEqualTo(written.matcher(expected.toString(StandardCharsets.UTF_8))
                        .replaceAll(""));
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("sandbox");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?clas=1 | there is no parameter 'clas'",
                "?class=3 | class 3 is out of range",
                "?class=yellow | 'yellow'",
                "?top=0 | top '0'",
                "?top=x | top 'x'",
                "?top=1&top=2 | 'top' is given 2 times",
                "?method=magic | there is no method 'magic'",
                "?method=rise&layer=cells | takes no layer",
                "?layer=scores | no layer 'scores'",
                "?format=gif | no format 'gif'",
                "?top=3&method=cam,grad-cam,hires-cam,cam,cam,cam,cam,cam,cam,cam,cam,cam,cam,cam,cam,cam,cam | 51 maps",
            })
    void parametersOutOfRangeAreRefusedInWords(String query, String words) {
        assertProblem(client.explain(query, PHOTO), 400, words);
    }

    @Test
    void photosThatCannotBeReadAreRefusedInWords() {
        assertProblem(client.explain("?name=a.png", new byte[] {1, 2, 3}), 422, "a.png");
        byte[] cut = Arrays.copyOf(PHOTO, PHOTO.length / 2);
        assertProblem(client.explain("?name=cut.png", cut), 422, "cut.png");
        byte[] huge = Colours.photo(200, 200, Color.RED, new Rectangle(1, 1));
        assertProblem(client.explain("?name=huge.png", huge), 422, "huge.png", String.valueOf(MOST_PIXELS));
    }

    @Test
    void bodiesThatAreNoPhotoAreRefusedInWords() {
        assertProblem(client.post("/explain", "application/json", Client.text("{}")), 415, "Content-Type");
        assertProblem(client.explain("", new byte[0]), 400, "no photo");
        assertProblem(client.post("/explain", "multipart/form-data", PHOTO), 400, "boundary");
        assertProblem(client.post("/explain", "multipart/form-data; boundary=b", PHOTO), 400, "damaged");
        assertProblem(
                client.post("/explain", "multipart/form-data; boundary=b", Client.text("--b--\r\n")), 400, "'photo'");
    }

    @Test
    void uploadsAboveTheLimitAreRefusedWhateverTheirHeadersSay() {
        byte[] large = new byte[100_001];
        assertProblem(client.explain("", large), 413, "100000");
        HttpRequest.BodyPublisher chunks =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));
        HttpResponse<byte[]> answer = client.send(
                client.to("/explain").header("Content-Type", "image/png").POST(chunks));
        assertProblem(answer, 413, "100000");
    }

    /** Without the rest of the body taken, the connection would be reset and the answer lost. */
    @Test
    void clientsThatReadAfterTheyHaveSentAllGetTheRefusal() {
        byte[] large = new byte[5_000_000];
        for (int i = 0; i < 10; i++) {
            assertProblem(client.explain("", large), 413, "100000");
            assertProblem(client.post("/explain", "application/json", large), 415, "Content-Type");
            HttpRequest.BodyPublisher chunks =
                    HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large));
            assertProblem(
                    client.send(client.to("/explain")
                            .header("Content-Type", "image/png")
                            .POST(chunks)),
                    413,
                    "100000");
        }
    }

    @Test
    void aChunkedUploadIsExplained() {
        HttpRequest.BodyPublisher chunks =
                HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(PHOTO));
        HttpResponse<byte[]> answer = client.send(
                client.to("/explain").header("Content-Type", "image/png").POST(chunks));
        assertThat(answer.body()).isEqualTo(client.explain("", PHOTO).body());
    }

    @Test
    void theDescriptionNamesWhatAnswersHave() {
        JsonNode api = Client.json(client.get("/openapi.json"));
        JsonNode schemas = api.get("components").get("schemas");
        JsonNode answer = Client.json(client.explain("?top=2", PHOTO));

        assertDescribed(answer, schemas.get("Explanation"));
        assertDescribed(answer.get("predictions").get(0), schemas.get("Prediction"));
        assertDescribed(answer.get("maps").get(0), schemas.get("Map"));
        assertDescribed(Client.json(client.get("/model")), schemas.get("Models"));
        assertDescribed(
                Client.json(client.get("/model")).get("models").get(0),
                schemas.get("Models").get("properties").get("models").get("items"));
        assertDescribed(Client.json(client.get("/nothing")), schemas.get("Problem"));
        api.get("paths").fieldNames().forEachRemaining(path -> assertThat(
                        client.get(path).statusCode())
                .as(path)
                .isEqualTo(path.equals("/explain") ? 405 : 200));
    }

    private static void assertDescribed(JsonNode found, JsonNode schema) {
        List<String> fields = new ArrayList<>();
        found.fieldNames().forEachRemaining(fields::add);
        List<String> described = new ArrayList<>();
        schema.get("properties").fieldNames().forEachRemaining(described::add);
        assertThat(described).containsAll(fields);
        if (schema.has("required")) {
            schema.get("required").forEach(field -> assertThat(fields).contains(field.textValue()));
        }
    }
}
