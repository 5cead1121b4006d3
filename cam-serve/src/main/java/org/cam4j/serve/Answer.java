package org.cam4j.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What a request is answered with.
 *
 * @param status of HTTP
 * @param type the content's media type
 * @param content the body; not copied
 * @param headers further ones
 */
record Answer(int status, String type, byte[] content, Map<String, String> headers) {

    static final String JSON = "application/json";

    static Answer of(String type, byte[] content) {
        return new Answer(200, type, content, Map.of());
    }

    static Answer json(String text) {
        return of(JSON, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends the answer; completes the callback when all is sent. */
    void send(Response response, Callback callback) {
        response.setStatus(status);
        headers.forEach(response.getHeaders()::put);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, content.length);
        response.write(true, ByteBuffer.wrap(content), callback);
    }
}
