package org.cam4j.serve;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/** Reads a request's body into memory without holding a thread while it comes. */
final class Upload {

    private static final int FIRST = 1 << 16;

    private final Request request;
    private final long limit;
    private final BiConsumer<byte[], Throwable> done;
    private byte[] bytes;
    private int size;

    private Upload(Request request, long limit, BiConsumer<byte[], Throwable> done) {
        this.request = request;
        this.limit = limit;
        this.done = done;
        long length = request.getLength();
        this.bytes = new byte[(int) Math.min(limit, length < 0 ? FIRST : length)];
    }

    /**
     * Reads the whole body.
     *
     * @param limit the most bytes that are taken
     * @param done hears once: of the bytes, or of a {@link Problem} or the connection's failure
     */
    static void read(Request request, long limit, BiConsumer<byte[], Throwable> done) {
        new Upload(request, limit, done).pull();
    }

    private void pull() {
        while (true) {
            Content.Chunk chunk = request.read();
            if (chunk == null) {
                request.demand(this::pull);
                return;
            }
            if (Content.Chunk.isFailure(chunk)) {
                done.accept(null, chunk.getFailure());
                return;
            }
            boolean fits = add(chunk.getByteBuffer());
            boolean isLast = chunk.isLast();
            chunk.release();
            if (!fits) {
                // The rest is taken too: many clients read no answer before they have sent all.
                Problem problem = Problem.tooLarge(limit);
                Content.Source.consumeAll(
                        request, Callback.from(() -> done.accept(null, problem), end -> done.accept(null, problem)));
                return;
            }
            if (isLast) {
                done.accept(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), null);
                return;
            }
        }
    }

    private boolean add(ByteBuffer more) {
        int length = more.remaining();
        if (length > limit - size) {
            return false;
        }
        if (length > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(2L * bytes.length, (long) size + length)));
        }
        more.get(bytes, size, length);
        size += length;
        return true;
    }
}
