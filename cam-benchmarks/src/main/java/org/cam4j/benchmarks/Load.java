package org.cam4j.benchmarks;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.cam4j.PhotoFolder;

/**
 * Asks a server as fast as it answers, on some connections at the same time, and prints photos a second and the times of answers. Photos
 * are parts {@code photo} of forms, which {@code cam4j serve} and the Spring Boot example take. Plain sockets: the load shall cost little
 * beside the server on the same processor.
 */
final class Load {

    private static final String BOUNDARY = "photos-end-here";

    private final URI server;
    private final List<byte[]> photos;
    private final long[] nanos;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentSkipListMap<>();

    private Load(URI server, List<byte[]> photos, int requests) {
        this.server = server;
        this.photos = photos;
        this.nanos = new long[requests];
    }

    static void start(String[] arguments) throws IOException {
        Options options = Options.of(arguments);
        Load load = new Load(
                URI.create(options.text("--url")), photos(options.path("--photos")), options.number("--requests"));
        load.run(options.number("--connections"));
    }

    private static List<byte[]> photos(Path folder) throws IOException {
        List<byte[]> photos = new ArrayList<>();
        for (Path file : PhotoFolder.list(folder).photos()) {
            photos.add(form(file));
        }
        return photos;
    }

    private static byte[] form(Path photo) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"photo\"; filename=\""
                        + photo.getFileName() + "\"\r\nContent-Type: image/jpeg\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        form.writeBytes(Files.readAllBytes(photo));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }

    private void run(int connections) {
        long begun = System.nanoTime();
        Callers.run(connections, this::ask);
        double seconds = (System.nanoTime() - begun) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT,
                "%d connections: %.1f photos a second, p50 %.1f ms, p99 %.1f ms, longest %.1f ms, statuses %s%n",
                connections,
                nanos.length / seconds,
                milliseconds(0.5),
                milliseconds(0.99),
                milliseconds(1),
                statuses);
    }

    private double milliseconds(double share) {
        return nanos[(int) Math.min(nanos.length - 1, Math.round(share * nanos.length))] / 1e6;
    }

    private void ask() {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            OutputStream out = socket.getOutputStream();
            for (int i = next.getAndIncrement(); i < nanos.length; i = next.getAndIncrement()) {
                byte[] photo = photos.get(i % photos.size());
                long asked = System.nanoTime();
                out.write(request(photo.length));
                out.write(photo);
                statuses.computeIfAbsent(answer(in), missing -> new AtomicInteger())
                        .incrementAndGet();
                nanos[i] = System.nanoTime() - asked;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the server ended the connection", e);
        }
    }

    private byte[] request(int length) {
        String path = server.getRawPath() + (server.getRawQuery() == null ? "" : "?" + server.getRawQuery());
        return ("POST " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                        + "\r\nContent-Type: multipart/form-data; boundary=" + BOUNDARY + "\r\nContent-Length: "
                        + length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer to its end and returns its status. */
    private static int answer(InputStream in) throws IOException {
        int status = Integer.parseInt(line(in).split(" ", -1)[1]);
        int length = 0;
        boolean isChunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            String value = lower.substring(lower.indexOf(':') + 1).strip();
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            }
            isChunked |= lower.startsWith("transfer-encoding:") && value.equals("chunked");
        }
        if (isChunked) {
            skipChunks(in);
        } else {
            in.skipNBytes(length);
        }
        return status;
    }

    /** Skips chunks, each behind its length in hexadecimal digits, to the one of length 0. */
    private static void skipChunks(InputStream in) throws IOException {
        int length;
        do {
            length = Integer.parseInt(line(in).split(";", -1)[0].strip(), 16);
            in.skipNBytes(length);
            line(in);
        } while (length > 0);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the answer is cut short");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
