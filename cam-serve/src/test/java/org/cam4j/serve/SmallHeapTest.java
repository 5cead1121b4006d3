package org.cam4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.ClassActivationMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server whose heap has no room for several large photos. */
class SmallHeapTest {

    private static final String HEAP = "-Xmx96m";

    private static final int LARGE_UPLOAD = 15_000_000;

    /** 12 million pixels; whole, they take 84 MB while they are read. */
    private static byte[] jpeg;

    private static Process process;
    private static Client client;

    /** What the child process runs. */
    static final class ServerMain {

        private ServerMain() {}

        /** Prints the address, and runs until its input ends. */
        public static void main(String[] arguments) throws IOException {
            try (ClassActivationMapper mapper = Colours.builder().build();
                    CamServer server = CamServer.start(
                            ServerSettings.standard().at("127.0.0.1", 0),
                            List.of(new ServedModel("colours", mapper)))) {
                System.out.println("at " + server.uri());
                while (System.in.read() >= 0) {
                    // Nothing comes.
                }
            }
        }
    }

    @BeforeAll
    static void start() throws IOException {
        jpeg = jpeg(4000, 3000);
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-Djava.awt.headless=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServerMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.startsWith("at ")) {
            line = lines.readLine();
        }
        client = new Client(URI.create(line.substring("at ".length())));
    }

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        process.getOutputStream().close();
        process.waitFor();
    }

    private static byte[] jpeg(int width, int height) throws IOException {
        BufferedImage photo = ImageIO.read(
                new ByteArrayInputStream(Colours.photo(width, height, Color.RED, whereFor(width, height))));
        BufferedImage opaque = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        opaque.getGraphics().drawImage(photo, 0, 0, null);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(opaque, "jpeg", bytes);
        return bytes.toByteArray();
    }

    private static Rectangle whereFor(int width, int height) {
        return new Rectangle(0, 0, width / 2, height / 2);
    }

    private static List<HttpResponse<byte[]>> eightAtATime(String query, String type, byte[] photo) {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            return Stream.generate(() ->
                            CompletableFuture.supplyAsync(() -> client.post("/explain" + query, type, photo), threads))
                    .limit(16)
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void largeJpegsOfManyClientsAreAllExplained() {
        for (String query : List.of("", "?format=view", "?format=html")) {
            assertThat(eightAtATime(query, "image/jpeg", jpeg))
                    .as(query)
                    .allMatch(answer -> answer.statusCode() == 200);
        }
        assertThat(Client.json(client.post("/explain", "image/jpeg", jpeg))
                        .get("predictions")
                        .get(0)
                        .get("label")
                        .textValue())
                .isEqualTo("red");
    }

    @Test
    void photosThatAreKeptWholeWaitForEachOther() {
        byte[] png = Colours.photo(3000, 2000, Color.GREEN, whereFor(3000, 2000));

        for (String query : List.of("", "?format=png")) {
            assertThat(eightAtATime(query, "image/png", png)).as(query).allMatch(answer -> answer.statusCode() == 200);
        }
    }

    @Test
    void aPhotoThatCanNeverFitIsRefusedInWordsAndTheServerGoesOn() {
        HttpResponse<byte[]> picture = client.post("/explain?format=png", "image/jpeg", jpeg);
        HttpResponse<byte[]> photo = client.explain("", Colours.photo(4500, 4000, Color.BLUE, whereFor(4500, 4000)));

        assertThat(picture.statusCode()).as(Client.text(picture)).isEqualTo(422);
        assertThat(Client.json(picture).get("detail").textValue())
                .contains("the server's heap of 9", "send a smaller photo", "format=json");
        assertThat(photo.statusCode()).isEqualTo(422);
        assertThat(Client.json(photo).get("detail").textValue()).contains("4500x4000", "of a heap of");
        assertThat(client.explain("", Colours.photo(32, 32, Color.RED, whereFor(32, 32)))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aPhotoThatLacksMemoryBesideTheUploadsOfOthersMayComeAgain() throws IOException {
        try (Socket upload = client.connect()) {
            upload.getOutputStream()
                    .write(Client.text(
                            "POST /explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
                                    + LARGE_UPLOAD + "\r\n\r\n"));
            upload.getOutputStream().flush();
            while (!Client.text(client.get("/metrics")).contains("cam4j_requests_under_way 1\n")) {
                Thread.onSpinWait();
            }

            HttpResponse<byte[]> answer = client.post("/explain?format=png", "image/jpeg", jpeg);

            assertThat(answer.statusCode()).as(Client.text(answer)).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
        }
    }
}
