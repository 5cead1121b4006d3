package org.cam4j.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.cam4j.ClassActivationMapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers that are full, out of time, or about to stop. */
class PressureTest {

    private static final byte[] PHOTO = Colours.photo(32, 32, Color.RED, new Rectangle(0, 0, 16, 16));

    private static final byte[] NOISE = noise(1500);

    /** 24,000 runs of the network for a photo. */
    private static final String SLOW = "?method=rise:aug-smooth";

    private static ClassActivationMapper mapper;

    @BeforeAll
    static void open() {
        mapper = Colours.builder().build();
    }

    @AfterAll
    static void close() {
        mapper.close();
    }

    private static CamServer server(Limits limits) {
        return CamServer.start(
                ServerSettings.standard().at("127.0.0.1", 0).withLimits(limits),
                List.of(new ServedModel("colours", mapper)));
    }

    /** A PNG of random pixels, which no encoder makes smaller than they are: 6.7 MB, where Linux takes up to 4 off a sender. */
    private static byte[] noise(int size) {
        BufferedImage photo = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < size; y++) {
            for (int x = 0; x < size; x++) {
                photo.setRGB(x, y, random.nextInt());
            }
        }
        return Colours.png(photo);
    }

    /** Begins to send a photo, all but its last byte. */
    private static Socket beginUpload(Client client) throws IOException {
        Socket socket = client.connect();
        socket.getOutputStream()
                .write(Client.text(
                        "POST /explain HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
                                + PHOTO.length + "\r\nConnection: close\r\n\r\n"));
        socket.getOutputStream().write(PHOTO, 0, PHOTO.length - 1);
        socket.getOutputStream().flush();
        return socket;
    }

    private static String endUpload(Socket socket) throws IOException {
        socket.getOutputStream().write(PHOTO, PHOTO.length - 1, 1);
        socket.getOutputStream().flush();
        return answer(socket);
    }

    private static String answer(Socket socket) throws IOException {
        try (socket;
                InputStream in = socket.getInputStream()) {
            // One character for each byte.
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("what the test waits for does not come")
                    .isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static boolean isUnderWay(Client client, int requests) {
        return Client.text(client.get("/metrics")).contains("cam4j_requests_under_way " + requests + "\n");
    }

    private static boolean isAnswered(Client client, int photos) {
        return Client.text(client.get("/metrics"))
                .contains("cam4j_requests_total{path=\"/explain\",status=\"200\"} " + photos + "\n");
    }

    @Test
    void aFullServerAsksToComeBackAndTakesPhotosAgainWhenThereIsRoom() throws IOException {
        try (CamServer server = server(Limits.standard().withRequests(1))) {
            Client client = new Client(server.uri());
            Socket first = beginUpload(client);
            await(() -> isUnderWay(client, 1));

            HttpResponse<byte[]> refused = client.explain("", PHOTO);

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(Long.parseLong(
                            refused.headers().firstValue("Retry-After").orElseThrow()))
                    .isBetween(1L, 60L);
            assertThat(endUpload(first)).startsWith("HTTP/1.1 200");
            await(() -> isUnderWay(client, 0));
            assertThat(client.explain("", PHOTO).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFullServerRefusesAnUploadThatDoesNotEndWithoutWaitingForItsEnd() throws IOException {
        Limits limits = Limits.standard().withRequests(1).withRequestTime(Duration.ofSeconds(2));
        try (CamServer server = server(limits)) {
            Client client = new Client(server.uri());
            Socket first = beginUpload(client);
            await(() -> isUnderWay(client, 1));

            assertThat(answer(beginUpload(client))).startsWith("HTTP/1.1 429").contains("Retry-After: ");
            assertThat(answer(first)).startsWith("HTTP/1.1 408");
        }
    }

    @Test
    void bytesAreAdmittedWithinTheBudget() {
        Admission admission = new Admission(10, 100, Duration.ofHours(1));
        Admission.Place large = admission.enter(1000).orElseThrow();

        assertThat(admission.enter(1)).as("beside one that fills the budget").isEmpty();
        large.leave();
        large.leave();
        assertThat(admission.taken()).isZero();
        assertThat(admission.enter(60)).isPresent();
        assertThat(admission.enter(41)).isEmpty();
        assertThat(admission.enter(40)).isPresent();
        admission.close();
        assertThat(admission.enter(0)).isEmpty();
    }

    @Test
    void aSlowClientLosesItsPlaceToTheNextOne() {
        Admission admission = new Admission(1, 100, Duration.ZERO);
        List<String> lost = new ArrayList<>();
        Admission.Place first = admission.enter(1).orElseThrow();
        first.awaitClient(() -> {
            lost.add("first");
            first.leave();
        });

        Admission.Place second = admission.enter(1).orElseThrow();
        second.awaitClient(() -> lost.add("second, which cannot be ended at once"));
        assertThat(admission.enter(1)).isEmpty();
        second.serve();
        assertThat(admission.enter(1)).as("the client waits for the server").isEmpty();

        assertThat(lost).containsExactly("first", "second, which cannot be ended at once");
    }

    @Test
    void aCrowdOfSlowUploadsKeepsOthersOutForAShortTimeOnly() throws IOException {
        Limits limits = Limits.standard().withRequests(2).withRequestTime(Duration.ofSeconds(6));
        try (CamServer server = server(limits)) {
            Client client = new Client(server.uri());
            Socket first = beginUpload(client);
            Socket second = beginUpload(client);
            await(() -> isUnderWay(client, 2));

            int status = 429;
            while (status == 429) {
                status = client.explain("", PHOTO).statusCode();
            }

            assertThat(status).isEqualTo(200);
            assertThat(List.of(answer(first), answer(second)))
                    .anySatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 408"));
        }
    }

    @Test
    void clientsThatDoNotTakeTheirAnswersHoldNoWorkerAndLoseTheirPlaces() throws IOException {
        int places = Runtime.getRuntime().availableProcessors() + 2;
        Limits limits = Limits.standard()
                .withUploadBytes(100_000_000)
                .withRequests(places)
                .withRequestTime(Duration.ofSeconds(24));
        try (CamServer server = server(limits)) {
            Client client = new Client(server.uri());
            List<Socket> readers = new ArrayList<>();
            try {
                // All places but one: more answers than workers.
                for (int i = 0; i < places - 1; i++) {
                    readers.add(askForMoreThanBuffersHold(client));
                    int answers = i + 1;
                    await(() -> isAnswered(client, answers));
                }
                assertThat(isUnderWay(client, places - 1))
                        .as("the answers are not taken")
                        .isTrue();

                assertThat(client.explain("", PHOTO).statusCode())
                        .as("workers are free")
                        .isEqualTo(200);
                // A place is free a moment after its answer.
                await(() -> isUnderWay(client, places - 1));
                readers.add(askForMoreThanBuffersHold(client));
                await(() -> isAnswered(client, places + 1));
                int status = 429;
                while (status == 429) {
                    status = client.explain("", PHOTO).statusCode();
                }
                assertThat(status).as("the first reader's place is given away").isEqualTo(200);
                assertThat(isCutOff(readers.get(0))).isTrue();
            } finally {
                for (Socket reader : readers) {
                    reader.close();
                }
            }
        }
    }

    /** Sends a photo whose overlay, of noise, is larger than what the system takes off the server for a client that does not read. */
    private static Socket askForMoreThanBuffersHold(Client client) throws IOException {
        Socket socket = client.connectWithSmallBuffer();
        socket.getOutputStream()
                .write(Client.text(
                        "POST /explain?format=png HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: "
                                + NOISE.length + "\r\nConnection: close\r\n\r\n"));
        socket.getOutputStream().write(NOISE);
        socket.getOutputStream().flush();
        return socket;
    }

    /** Whether the server closes the connection before the whole answer is taken. */
    private static boolean isCutOff(Socket socket) {
        try {
            String answer = answer(socket);
            Matcher length = Pattern.compile("Content-Length: (\\d+)\r\n").matcher(answer);
            assertThat(length.find()).isTrue();
            return answer.length() < Integer.parseInt(length.group(1));
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void aCrowdOfIdleConnectionsKeepsNobodyOut() throws IOException {
        try (CamServer server = server(Limits.standard().withRequestTime(Duration.ofMinutes(10)))) {
            Client client = new Client(server.uri());
            Socket upload = beginUpload(client);
            await(() -> isUnderWay(client, 1));
            List<Socket> crowd = new ArrayList<>();
            try {
                for (int i = 0; i < 1100; i++) {
                    Socket idle = client.connect();
                    crowd.add(idle);
                    if (i % 2 == 0) {
                        idle.getOutputStream().write(Client.text("GET /health HTTP/1.1\r\nHost: local"));
                    }
                }

                assertThat(new Client(server.uri()).explain("", PHOTO).statusCode())
                        .isEqualTo(200);
                assertThat(endUpload(upload))
                        .as("a photo under way keeps its connection")
                        .startsWith("HTTP/1.1 200");
                assertThat(crowd.get(0).getInputStream().read())
                        .as("the longest waiting connection is closed")
                        .isEqualTo(-1);
            } finally {
                for (Socket idle : crowd) {
                    idle.close();
                }
            }
        }
    }

    @Test
    void anUploadThatDoesNotEndIsGivenUp() throws IOException {
        try (CamServer server = server(Limits.standard().withRequestTime(Duration.ofMillis(200)))) {
            Client client = new Client(server.uri());

            assertThat(answer(beginUpload(client))).startsWith("HTTP/1.1 408").contains("did not arrive within 200 ms");
            await(() -> isUnderWay(client, 0));
        }
    }

    @Test
    void workThatTakesTooLongIsInterruptedAndItsWorkerIsFreeAgain() {
        try (CamServer server = server(Limits.standard().withRequestTime(Duration.ofMillis(300)))) {
            Client client = new Client(server.uri());

            HttpResponse<byte[]> late = client.explain(SLOW, PHOTO);

            assertThat(late.statusCode()).isEqualTo(503);
            assertThat(late.headers().firstValue("Retry-After")).isPresent();
            assertThat(Client.json(late).get("detail").textValue()).contains("300 ms");
            await(() -> isUnderWay(client, 0));
            assertThat(client.explain("", PHOTO).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aStoppingServerEndsWhatIsUnderWayAndTakesNothingNew() throws IOException {
        CamServer server = server(Limits.standard());
        Client client = new Client(server.uri());
        Socket first = beginUpload(client);
        await(() -> isUnderWay(client, 1));
        Socket waiting = client.connect();

        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
        await(() -> isGone(client));
        String answer = endUpload(first);
        closing.join();

        assertThat(answer).startsWith("HTTP/1.1 200").contains("\"label\":\"red\"");
        assertThat(answer(waiting)).isEmpty();
        server.close();
        assertThat(mapper.explain(PHOTO, "after").prediction().label())
                .as("the mapper stays the caller's")
                .isEqualTo("red");
    }

    private static boolean isGone(Client client) {
        try (Socket socket = client.connect()) {
            socket.getOutputStream().write(Client.text("GET /health HTTP/1.0\r\n\r\n"));
            return !new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).contains(" 200 ");
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aStoppingServerInterruptsWorkThatDoesNotEndAndAnswersWhatWaits() {
        CamServer server =
                server(Limits.standard().withRequestTime(Duration.ofMinutes(10)).withStopTime(Duration.ofMillis(100)));
        Client client = new Client(server.uri());
        ExecutorService threads = Executors.newCachedThreadPool();
        List<CompletableFuture<Integer>> waiting = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> client.explain(SLOW + "&top=3", PHOTO).statusCode(), threads))
                .limit(Runtime.getRuntime().availableProcessors() + 2L)
                .toList();
        await(() -> isUnderWay(client, waiting.size()));

        server.close();
        threads.shutdown();

        assertThat(waiting).allMatch(answer -> answer.join() == 503);
    }

    @Test
    void aStoppingServerAnswersAnUploadThatDoesNotEnd() throws IOException {
        CamServer server =
                server(Limits.standard().withRequestTime(Duration.ofMinutes(10)).withStopTime(Duration.ofMillis(100)));
        Client client = new Client(server.uri());
        Socket upload = beginUpload(client);
        await(() -> isUnderWay(client, 1));

        server.close();

        assertThat(answer(upload)).startsWith("HTTP/1.1 503").contains("the server is stopping");
    }

    @Test
    void metricsCountAnswersAndTimes() {
        try (CamServer server = server(Limits.standard())) {
            Client client = new Client(server.uri());
            client.explain("", PHOTO);
            client.explain("", PHOTO);
            client.explain("?top=0", PHOTO);
            client.get("/unheard/of");
            await(() -> isUnderWay(client, 0));

            String metrics = Client.text(client.get("/metrics"));

            assertThat(metrics)
                    .contains("cam4j_requests_total{path=\"/explain\",status=\"200\"} 2\n")
                    .contains("cam4j_requests_total{path=\"/explain\",status=\"400\"} 1\n")
                    .contains("cam4j_requests_total{path=\"other\",status=\"404\"} 1\n")
                    .contains("cam4j_work_seconds_count 3\n")
                    .contains("cam4j_work_seconds_bucket{le=\"+Inf\"} 3\n");
            assertThat(metrics.lines().filter(line -> !line.startsWith("#")))
                    .allMatch(line -> line.matches("[a-z0-9_]+(\\{[^}]*})? [0-9.E-]+"));
        }
    }
}
