package org.cam4j.serve;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cam4j.exception.Quoted;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Leads requests to what they ask for. */
final class Endpoints extends Handler.Abstract.NonBlocking {

    private static final String HEALTH = "/health";
    private static final String METRICS = "/metrics";
    private static final String MODEL = "/model";

    /** The path of requests for anything else, in the metrics: their own paths are without number. */
    private static final String ELSEWHERE = "other";

    private final Guard guard;
    private final Map<String, Answer> files = Resource.all();
    private final Answer models;
    private final ExplainEndpoint explain;
    private final Admission admission;
    private final Metrics metrics;

    Endpoints(Guard guard, Answer models, ExplainEndpoint explain, Admission admission, Metrics metrics) {
        this.guard = guard;
        this.models = models;
        this.explain = explain;
        this.admission = admission;
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        guard.setHeaders(response.getHeaders());
        String path = Request.getPathInContext(request);
        try {
            Answer preflight = guard.check(request, response, isPublic(path)).orElse(null);
            if (preflight != null) {
                send(path, preflight, response, callback);
            } else if (path.equals(ExplainEndpoint.PATH)) {
                requireMethod(request, Set.of("POST"));
                explain.handle(request, response, callback);
            } else {
                Answer answer = get(path);
                requireMethod(request, Set.of("GET", "HEAD"));
                send(path, answer, response, callback);
            }
        } catch (Problem e) {
            if (path.equals(ExplainEndpoint.PATH)) {
                explain.refuse(request, response, callback, e);
            } else {
                send(path, e.answer(), response, callback);
            }
        } catch (RuntimeException | Error e) {
            send(path, PendingAnswer.unexpected(e).answer(), response, callback);
        }
        return true;
    }

    private boolean isPublic(String path) {
        return files.containsKey(path) || path.equals(HEALTH);
    }

    private Answer get(String path) {
        Answer file = files.get(path);
        if (file != null) {
            return file;
        }
        return switch (path) {
            case HEALTH -> health();
            case METRICS -> Answer.of(Metrics.TYPE, metrics.text().getBytes(StandardCharsets.UTF_8));
            case MODEL -> models;
            default -> throw Problem.notFound(Quoted.of(path));
        };
    }

    private Answer health() {
        return admission.isClosed() ? Problem.stopping().answer() : Answer.json("{\"status\":\"up\"}");
    }

    private static void requireMethod(Request request, Set<String> allowed) {
        if (!allowed.contains(request.getMethod())) {
            String list = String.join(", ", new TreeSet<>(allowed));
            throw new Problem(405, "Method not allowed", "the path takes " + list + " only.").with("Allow", list);
        }
    }

    private void send(String path, Answer answer, Response response, Callback callback) {
        boolean isKnown =
                isPublic(path) || Set.of(METRICS, MODEL, ExplainEndpoint.PATH).contains(path);
        metrics.answered(isKnown ? path : ELSEWHERE, answer.status());
        answer.send(response, callback);
    }
}
