package org.cam4j.serve;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cam4j.exception.BackendException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that explains photos over HTTP: {@code POST /explain} for programs, a page for people.
 *
 * <pre>{@code
 * try (ClassActivationMapper mapper = ClassActivationMapper.open(Path.of("vgg19-gap.cam4j"));
 *         CamServer server = CamServer.start(ServerSettings.standard(), List.of(new ServedModel("vgg19", mapper)))) {
 *     System.out.println(server.uri());
 *     new CountDownLatch(1).await();
 * }
 * }</pre>
 *
 * <p>Writes no file and fetches nothing. Thread-safe.
 */
public final class CamServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CamServer.class);

    /** Connections that wait cost memory only, and a file descriptor each, of which many systems allow 1,024. */
    private static final int CONNECTIONS = 1000;

    /** Handlers never block: a few threads serve any number of connections. */
    private static final int THREADS = 16;

    /** Beyond the request's own time, which answers in words. */
    private static final long PATIENCE = 5000;

    /** The part of a request's time for which the server waits for a client while others find no place. */
    private static final int PATIENT_PARTS = 6;

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

    private final Server server;
    private final ServerConnector connector;
    private final ServerSettings settings;
    private final Admission admission;
    private final PhotoWork work;

    private CamServer(
            Server server, ServerConnector connector, ServerSettings settings, Admission admission, PhotoWork work) {
        this.server = server;
        this.connector = connector;
        this.settings = settings;
        this.admission = admission;
        this.work = work;
    }

    /**
     * Starts a server.
     *
     * @param settings where it listens, and whom it answers
     * @param models one or more; the first explains photos of requests that name none
     * @return the running server; the caller closes it, and then the models' mappers
     * @throws IllegalArgumentException if there is no model, or two have one name
     * @throws BackendException if the address cannot be used, for example because another program listens there
     */
    public static CamServer start(ServerSettings settings, List<ServedModel> models) {
        Map<String, ServedModel> byName = byName(models);
        Limits limits = settings.limits();
        Admission admission = new Admission(
                limits.requests(),
                Math.max(limits.uploadBytes(), Runtime.getRuntime().maxMemory() / 4),
                limits.requestTime().dividedBy(PATIENT_PARTS));
        Connections connections = new Connections(CONNECTIONS);
        Metrics metrics = new Metrics(admission::taken);
        PhotoWork work = new PhotoWork(workers(), metrics);
        ExplainEndpoint explain = new ExplainEndpoint(byName, limits, admission, connections, work, metrics);
        Guard guard = new Guard(settings);

        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("cam4j-http");
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(configuration()));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        // Java's own is 50: the system would let a crowd's further connections wait for seconds.
        connector.setAcceptQueueSize(CONNECTIONS);
        connector.setIdleTimeout(limits.requestTime().toMillis() + PATIENCE);
        server.addConnector(connector);
        connector.addBean(connections);
        server.setErrorHandler(new Problems(guard));
        server.setHandler(new Endpoints(guard, ModelsJson.of(byName.values(), limits), explain, admission, metrics));
        CamServer started = new CamServer(server, connector, settings, admission, work);
        try {
            server.start();
        } catch (Exception e) {
            started.close();
            throw new BackendException(
                    "the server cannot listen at " + settings + " (" + e.getMessage()
                            + "): choose an address of this machine and a port that no other program uses.",
                    e);
        }
        return started;
    }

    private static Map<String, ServedModel> byName(List<ServedModel> models) {
        if (models.isEmpty()) {
            throw new IllegalArgumentException("a server without a model: give one or more");
        }
        Map<String, ServedModel> byName = new LinkedHashMap<>();
        for (ServedModel model : models) {
            if (byName.put(model.name(), model) != null) {
                throw new IllegalArgumentException(
                        "two models are called '" + model.name() + "': give each its own name");
            }
        }
        return byName;
    }

    /** One more than processors would only take memory: the network runs on all of them. */
    private static int workers() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        return http;
    }

    /** {@return the server's address, with the port that it got} */
    public URI uri() {
        InetSocketAddress address = new InetSocketAddress(settings.host(), connector.getLocalPort());
        String host = address.getAddress().isAnyLocalAddress() ? "localhost" : settings.host();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + "/");
    }

    /** {@return what requests must carry; empty if nothing} */
    public Optional<String> token() {
        return settings.token();
    }

    /**
     * Stops gracefully: refuses further photos, lets those under way end for {@link Limits#stopTime}, then interrupts them and answers uploads
     * that have not ended. Returns when nothing uses the mappers any more. Closing twice does nothing.
     */
    @Override
    public void close() {
        // The interruption that asks for the stop is set again afterwards.
        boolean isInterrupted = Thread.interrupted();
        admission.close();
        connector.close();
        try {
            admission.awaitEmpty(settings.limits().stopTime());
            admission.endAwaited();
        } catch (InterruptedException e) {
            isInterrupted = true;
        }
        work.close();
        try {
            // What was interrupted or refused gets its answer.
            admission.awaitEmpty(LAST_ANSWERS);
            server.stop();
        } catch (Exception e) {
            isInterrupted |= e instanceof InterruptedException;
            LOG.warn("The server did not stop in order", e);
        }
        server.destroy();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Answers of Jetty's own, to damaged requests for instance, in the form of all others. */
    private static final class Problems extends ErrorHandler {

        private final Guard guard;

        Problems(Guard guard) {
            this.guard = guard;
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            int status = response.getStatus();
            guard.setHeaders(response.getHeaders());
            Problem problem = status == 503
                    ? Problem.stopping()
                    : new Problem(
                            status < 400 ? 500 : status,
                            "Refused",
                            "the request is malformed or too large: see /openapi.json.");
            problem.answer().send(response, callback);
            return true;
        }
    }
}
