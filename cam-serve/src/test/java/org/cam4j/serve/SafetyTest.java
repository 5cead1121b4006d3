package org.cam4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.BackendException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whom a server answers, and what its answers allow browsers to do. */
class SafetyTest {

    private static final byte[] PHOTO = Colours.photo(32, 32, Color.RED, new Rectangle(0, 0, 16, 16));
    private static final String TOKEN = "a-secret.of_the~test";
    private static final String FRIEND = "https://friend.example";

    private static ClassActivationMapper mapper;
    private static CamServer open;
    private static CamServer closed;
    private static Client client;
    private static Client stranger;

    @BeforeAll
    static void start() {
        mapper = Colours.builder().build();
        ServerSettings settings = ServerSettings.standard().at("127.0.0.1", 0).withOrigins(List.of(FRIEND));
        List<ServedModel> models = List.of(new ServedModel("colours", mapper));
        open = CamServer.start(settings, models);
        closed = CamServer.start(settings.withToken(TOKEN), models);
        client = new Client(open.uri());
        stranger = new Client(closed.uri());
    }

    @AfterAll
    static void stop() {
        open.close();
        closed.close();
        mapper.close();
    }

    private static String host() {
        return open.uri().getAuthority();
    }

    private static HttpRequest.Builder explain(Client from) {
        return from.to("/explain")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(PHOTO));
    }

    @Test
    void everyAnswerTellsBrowsersToKeepToTheServersOwnFiles() throws IOException {
        for (HttpResponse<byte[]> answer : List.of(
                client.get("/"),
                client.get("/serve.js"),
                client.get("/health"),
                client.get("/nothing"),
                client.explain("", PHOTO),
                client.explain("?top=0", PHOTO))) {
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe", "*");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
            assertThat(answer.headers().firstValue("Server")).isEmpty();
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /a/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /%2e%2e/page.html HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "POST /explain HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n",
                "POST /explain?class=%ff HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
                "POST /explain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
            })
    void damagedRequestsAreRefusedAsProblems(String request) throws IOException {
        String answer = client.exchange(request);

        assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json", "\"detail\"");
        assertThat(answer).doesNotContain("org.", "\tat ", "Jetty", "jetty");
    }

    @Test
    void longHeadersAreRefused() throws IOException {
        String answer =
                client.exchange("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 431");
    }

    @Test
    void unknownPathsAndMethodsAreProblems() {
        assertThat(client.get("/nothing").statusCode()).isEqualTo(404);
        assertThat(client.get("/explain").statusCode()).isEqualTo(405);
        assertThat(client.get("/explain").headers().firstValue("Allow")).contains("POST");
        HttpResponse<byte[]> delete = client.send(client.to("/model").DELETE());
        assertThat(delete.statusCode()).isEqualTo(405);
        assertThat(Client.json(delete).get("detail").textValue()).contains("GET");
    }

    @Test
    void otherNamesForThisMachineAreRefused() throws IOException {
        String rebound = "GET /model HTTP/1.1\r\nHost: evil.example:8080\r\nConnection: close\r\n\r\n";

        assertThat(client.exchange(rebound)).startsWith("HTTP/1.1 421");
        assertThat(client.exchange(rebound.replace("evil.example", "localhost")))
                .startsWith("HTTP/1.1 200");
        assertThat(client.exchange(rebound.replace("evil.example", "[::1]"))).startsWith("HTTP/1.1 200");
        // With a token, any name will do: such a page does not have it.
        assertThat(stranger.exchange(rebound)).startsWith("HTTP/1.1 401");
    }

    @Test
    void pagesOfOtherOriginsMayNotAskUnlessListed() {
        assertThat(client.send(explain(client).header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(client.send(explain(client).header("Origin", "null")).statusCode())
                .isEqualTo(403);
        assertThat(client.send(explain(client).header("Origin", "http://" + host()))
                        .statusCode())
                .isEqualTo(200);
        HttpResponse<byte[]> listed = client.send(explain(client).header("Origin", FRIEND));
        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(listed.headers().firstValue("Access-Control-Allow-Origin")).contains(FRIEND);
        assertThat(listed.headers().firstValue("Vary")).contains("Origin");
        HttpResponse<byte[]> preflight = client.send(client.to("/explain")
                .header("Origin", FRIEND)
                .header("Access-Control-Request-Method", "POST")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Headers")
                        .orElseThrow())
                .contains("Authorization");
    }

    @Test
    void aTokenIsRequiredForEverythingThatTellsOfModelsOrPhotos() {
        for (String path : List.of("/model", "/metrics")) {
            assertThat(stranger.get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(stranger.get(path).headers().firstValue("WWW-Authenticate"))
                    .contains("Bearer");
            assertThat(stranger.send(stranger.to(path)
                                    .header("Authorization", "Bearer " + TOKEN)
                                    .GET())
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(stranger.send(explain(stranger)).statusCode()).isEqualTo(401);
        assertThat(stranger.send(explain(stranger).header("Authorization", "Bearer " + TOKEN + "x"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(stranger.send(explain(stranger).header("Authorization", "bearer " + TOKEN))
                        .statusCode())
                .isEqualTo(200);
        for (String path : List.of("/", "/serve.js", "/health", "/openapi.json")) {
            assertThat(stranger.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void aServerThatOthersReachHasATokenInAnyCase() {
        ServerSettings everywhere = ServerSettings.standard().at("0.0.0.0", 0);

        assertThat(everywhere.token()).isPresent();
        assertThat(everywhere.token())
                .isNotEqualTo(ServerSettings.standard().at("0.0.0.0", 0).token());
        assertThat(everywhere.toString()).doesNotContain(everywhere.token().orElseThrow());
        assertThat(ServerSettings.standard().at("localhost", 0).token()).isEqualTo(Optional.empty());
    }

    @Test
    void impossibleSettingsAreRefusedInWords() {
        ServerSettings standard = ServerSettings.standard();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.at("", 0))
                .withMessageContaining("host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.at("127.0.0.1", 70_000))
                .withMessageContaining("70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.withToken("short"))
                .withMessageContaining("8 characters")
                .withMessageNotContaining("short");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> standard.withOrigins(List.of("*")))
                .withMessageContaining("'*'");
    }

    @Test
    void aTakenPortIsRefusedInWords() {
        ServerSettings taken =
                ServerSettings.standard().at("127.0.0.1", open.uri().getPort());

        assertThat(catchThrowable(() -> CamServer.start(taken, List.of(new ServedModel("colours", mapper)))))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining(String.valueOf(open.uri().getPort()));
    }

    @Test
    void namesOfFilesAreTextWhateverTheyHold() {
        String name = "\"><img src=x onerror=alert(1)>\t\u202Egpj.exe";
        JsonNode json = Client.json(
                client.explain("?name=" + URLEncoder.encode("../../etc/" + name, StandardCharsets.UTF_8), PHOTO));

        assertThat(json.get("image").textValue()).isEqualTo(name);
        String longName = "x".repeat(5000);
        assertThat(Client.json(client.explain("?name=" + longName, PHOTO))
                        .get("image")
                        .textValue())
                .hasSize(200);
    }
}
