package com.example;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.exception.PhotoException;
import org.cam4j.localization.BoundingBox;
import org.cam4j.localization.Localizer;
import org.cam4j.render.overlay.Overlay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs the service as it is deployed: one jar with jars inside, native libraries and decoders of photos among them. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ExplainServiceIT {

    private static final Path JAR = Path.of(System.getProperty("jar"));
    private static final Path MODEL = Path.of(System.getProperty("model"));
    private static final Set<String> FORMATS = Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff");

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private static List<Path> photos() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("photos")))) {
            return files.filter(file -> FORMATS.contains(ending(file))).sorted().toList();
        }
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static byte[] form(Path photo) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--limit\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"" + photo.getFileName()
                        + "\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(Files.readAllBytes(photo));
        form.writeBytes("\r\n--limit--\r\n".getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private HttpResponse<byte[]> ask(URI address, Path photo) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "multipart/form-data; boundary=limit")
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(photo)))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void photosOfEveryFormatAreExplainedAsWithoutAService() throws Exception {
        int explained = 0;
        try (RunningService service = new RunningService(JAR, MODEL);
                ClassActivationMapper mapper = ClassActivationMapper.from(MODEL).build()) {
            for (Path photo : photos()) {
                HttpResponse<byte[]> answer = ask(service.at("/explain"), photo);
                JsonNode found = json.readTree(answer.body());
                Optional<Explanation> expected = explained(mapper, photo);
                if (expected.isEmpty()) {
                    assertEquals(422, answer.statusCode(), photo.toString());
                    assertFalse(found.get("detail").asText().isBlank());
                    continue;
                }
                assertEquals(200, answer.statusCode(), photo + ": " + found);
                assertLike(expected.get(), found);
                explained++;
            }
            assertTrue(explained >= 3, "photos that can be read");

            Path photo = photos().stream().filter(file -> explained(mapper, file).isPresent()).findFirst().orElseThrow();
            byte[] overlay = ask(service.at("/overlay"), photo).body();
            byte[] expected = Overlay.of(explained(mapper, photo).orElseThrow()).label().png();
            assertArrayEquals(pixels(expected), pixels(overlay));
        }
        System.out.println("  " + explained + " photos are explained by the jar as without it");
    }

    private static Optional<Explanation> explained(ClassActivationMapper mapper, Path photo) {
        try {
            return Optional.of(mapper.explain(photo));
        } catch (PhotoException e) {
            return Optional.empty();
        }
    }

    private static void assertLike(Explanation expected, JsonNode found) {
        assertEquals(expected.prediction().label(), found.at("/best/label").asText());
        assertEquals(expected.prediction().logit(), found.at("/best/logit").asDouble());
        Optional<BoundingBox> box = Localizer.paper().box(expected.map());
        assertEquals(box.map(BoundingBox::x0), number(found.at("/box/x0")));
        assertEquals(box.map(BoundingBox::y1), number(found.at("/box/y1")));
    }

    private static Optional<Integer> number(JsonNode node) {
        return node.isMissingNode() ? Optional.empty() : Optional.of(node.asInt());
    }

    private static int[] pixels(byte[] png) throws IOException {
        var image = ImageIO.read(new ByteArrayInputStream(png));
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    @Test
    void aRequestUnderWayIsAnsweredBeforeTheServiceStops() throws Exception {
        byte[] form = form(photos().get(0));
        int half = form.length / 2;
        try (RunningService service = new RunningService(JAR, MODEL);
                Socket socket = new Socket("127.0.0.1", service.at("/").getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /explain HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n"
                            + "Content-Type: multipart/form-data; boundary=limit\r\nContent-Length: " + form.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            // The service has the request.
            assertTrue(head(in).startsWith("HTTP/1.1 100"));
            out.write(form, 0, half);
            service.stop();
            service.awaitLog("Commencing graceful shutdown");
            out.write(Arrays.copyOfRange(form, half, form.length));

            assertTrue(text(in.readAllBytes()).startsWith("HTTP/1.1 200"));
            service.awaitEnd();
            service.awaitLog("Graceful shutdown complete");
        }
        System.out.println("  a request under way is answered before the service stops");
    }

    /** An answer up to its empty line. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the answer is cut short: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
