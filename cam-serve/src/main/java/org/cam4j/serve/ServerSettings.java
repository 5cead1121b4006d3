package org.cam4j.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a server listens, and whom it answers.
 *
 * @param host the address to listen at; other machines reach only what is not a loopback address
 * @param port 0 for any free one
 * @param token what requests must carry as {@code Authorization: Bearer TOKEN}; empty for servers of this machine alone
 * @param origins web pages of other origins that may ask, such as {@code https://example.org}
 * @param limits what the server takes on
 */
public record ServerSettings(String host, int port, Optional<String> token, List<String> origins, Limits limits) {

    /** RFC 6750's characters of a token. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{8,}=*");

    private static final Pattern ORIGIN = Pattern.compile("https?://[A-Za-z0-9.\\-\\[\\]:]+");

    private static final int TOKEN_BYTES = 24;

    /**
     * Checks the settings, and makes a token if other machines can reach the server and none is set.
     *
     * @throws IllegalArgumentException if the port is out of range, the host unknown, or a token or an origin malformed
     */
    public ServerSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is empty: give an address or a name of this machine");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "port " + port + " is out of range: give 1 to 65535, or 0 for any free one");
        }
        if (token.isPresent() && !TOKEN.matcher(token.get()).matches()) {
            throw new IllegalArgumentException(
                    "the token has fewer than 8 characters or others than letters, digits and -._~+/: give a longer one,"
                            + " for example of 'openssl rand -hex 24'");
        }
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "the origin '" + origin
                                + "' is none: give scheme and host, and the port if it is special, such as https://example.org");
            }
        }
        if (token.isEmpty() && !isLoopback(host)) {
            token = Optional.of(newToken());
        }
        origins = List.copyOf(origins);
    }

    /** {@return port 8080 of this machine alone, without a token, with the standard limits} */
    public static ServerSettings standard() {
        return new ServerSettings("127.0.0.1", 8080, Optional.empty(), List.of(), Limits.standard());
    }

    /**
     * Sets the address.
     *
     * @param host an address or a name of this machine
     * @param port 0 for any free one
     * @return new settings, with a new token if other machines can reach the address and none is set
     */
    public ServerSettings at(String host, int port) {
        return new ServerSettings(host, port, token, origins, limits);
    }

    /**
     * Requires a token.
     *
     * @param secret at least eight letters, digits and {@code -._~+/}
     * @return new settings
     */
    public ServerSettings withToken(String secret) {
        return new ServerSettings(host, port, Optional.of(secret), origins, limits);
    }

    /**
     * Answers pages of other origins (CORS).
     *
     * @param allowed origins such as {@code https://example.org}
     * @return new settings
     */
    public ServerSettings withOrigins(List<String> allowed) {
        return new ServerSettings(host, port, token, allowed, limits);
    }

    /**
     * Sets the limits.
     *
     * @param other what the server takes on
     * @return new settings
     */
    public ServerSettings withLimits(Limits other) {
        return new ServerSettings(host, port, token, origins, other);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "the host '" + host + "' is unknown: give an address or a name of this machine", e);
        }
    }

    private static String newToken() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** For a log line, without the token. */
    @Override
    public String toString() {
        return host + ":" + port + (token.isPresent() ? ", with a token" : "");
    }
}
