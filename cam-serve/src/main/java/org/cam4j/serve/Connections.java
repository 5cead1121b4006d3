package org.cam4j.serve;

import java.util.LinkedHashSet;
import java.util.Set;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/**
 * The open connections, of which there is a largest number. One more closes that which has waited longest without a photo of its own under
 * way, so that a crowd of idle clients, or of those that send their headers byte by byte, keeps no others out. Thread-safe.
 */
final class Connections implements Connection.Listener {

    private final int limit;
    /** All open connections. */
    private final Set<EndPoint> open = new LinkedHashSet<>();
    /** Those without a photo under way, the longest waiting first. */
    private final Set<EndPoint> waiting = new LinkedHashSet<>();

    /**
     * Starts without connections.
     *
     * @param limit how many may be open
     */
    Connections(int limit) {
        this.limit = limit;
    }

    @Override
    public void onOpened(Connection connection) {
        EndPoint displaced = opened(connection.getEndPoint());
        if (displaced != null) {
            displaced.close();
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        open.remove(connection.getEndPoint());
        waiting.remove(connection.getEndPoint());
    }

    /** Adds a connection; returns the one to close for it, or null. */
    private synchronized EndPoint opened(EndPoint added) {
        open.add(added);
        waiting.add(added);
        if (open.size() <= limit) {
            return null;
        }
        EndPoint longest = waiting.iterator().next();
        open.remove(longest);
        waiting.remove(longest);
        return longest;
    }

    /** Keeps a request's connection until {@link #end}. */
    synchronized void begin(Request request) {
        waiting.remove(endPoint(request));
    }

    /** Lets a request's connection wait for the next one. */
    synchronized void end(Request request) {
        EndPoint ended = endPoint(request);
        if (open.contains(ended)) {
            waiting.add(ended);
        }
    }

    /** The connection that a request came by. */
    static EndPoint endPoint(Request request) {
        return request.getConnectionMetaData().getConnection().getEndPoint();
    }
}
