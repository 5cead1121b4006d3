package org.cam4j.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Lets requests in that may ask: the right host name, no page of a foreign origin, the token where one is required. Sets the headers
 * that keep browsers from doing with answers what is not meant.
 */
final class Guard {

    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", PAGE_POLICY,
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
            "Cache-Control", "no-store");

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final String BEARER = "bearer ";

    private final ServerSettings settings;

    Guard(ServerSettings settings) {
        this.settings = settings;
    }

    /** Sets the headers of every answer. */
    void setHeaders(HttpFields.Mutable headers) {
        HEADERS.forEach(headers::put);
    }

    /**
     * Checks a request.
     *
     * @param isPublic whether what it asks for needs no token
     * @return the answer to a browser's question whether a page may ask (CORS preflight); empty for all other requests
     * @throws Problem if it is refused
     */
    Optional<Answer> check(Request request, Response response, boolean isPublic) {
        requireHost(request);
        Optional<String> origin = origin(request);
        origin.ifPresent(allowed -> {
            HttpFields.Mutable headers = response.getHeaders();
            headers.put("Access-Control-Allow-Origin", allowed);
            headers.put("Cross-Origin-Resource-Policy", "cross-origin");
            headers.add(HttpHeader.VARY, "Origin");
        });
        if (origin.isPresent() && request.getMethod().equals("OPTIONS")) {
            return Optional.of(new Answer(
                    204,
                    Answer.JSON,
                    new byte[0],
                    Map.of(
                            "Access-Control-Allow-Methods", "GET, POST",
                            "Access-Control-Allow-Headers", "Authorization, Content-Type",
                            "Access-Control-Max-Age", "600")));
        }
        if (!isPublic) {
            requireToken(request);
        }
        return Optional.empty();
    }

    /**
     * Refuses other names for this machine: a page of any site may call itself by a name that its owner points to 127.0.0.1 (DNS
     * rebinding), and would then be of this origin. Where a token is required, such a page lacks it.
     */
    private void requireHost(Request request) {
        if (settings.token().isPresent()) {
            return;
        }
        String name = String.valueOf(Request.getServerName(request)).toLowerCase(Locale.ROOT);
        String host = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        if (!LOOPBACK.contains(host) && !host.equals(settings.host().toLowerCase(Locale.ROOT))) {
            throw new Problem(
                    421,
                    "Misdirected request",
                    "the server answers to localhost, not to this host name: ask for localhost, or start it with a token.");
        }
    }

    /** The origin of a page elsewhere that may ask; empty if the request comes from no such page. */
    private Optional<String> origin(Request request) {
        HttpField field = request.getHeaders().getField(HttpHeader.ORIGIN);
        if (field == null) {
            return Optional.empty();
        }
        String origin = String.valueOf(field.getValue());
        String own = request.getHeaders().get(HttpHeader.HOST);
        // Behind a proxy that speaks TLS the scheme is another.
        if (origin.equals("http://" + own) || origin.equals("https://" + own)) {
            return Optional.empty();
        }
        if (!settings.origins().contains(origin)) {
            throw new Problem(
                    403,
                    "Foreign origin",
                    "pages of this origin may not ask: allow it with --cors when the server starts.");
        }
        return Optional.of(origin);
    }

    private void requireToken(Request request) {
        if (settings.token().isEmpty()) {
            return;
        }
        String given = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        boolean isRight = given != null
                && given.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && MessageDigest.isEqual(
                        given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        settings.token().get().getBytes(StandardCharsets.UTF_8));
        if (!isRight) {
            throw new Problem(
                            401,
                            "Token required",
                            "the request has no token, or a wrong one: send the server's as 'Authorization: Bearer TOKEN'.")
                    .with("WWW-Authenticate", "Bearer");
        }
    }
}
