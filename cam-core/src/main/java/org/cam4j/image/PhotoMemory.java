package org.cam4j.image;

import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.cam4j.exception.PhotoException;

/**
 * The heap that photos may take which are decoded at the same time by threads that know nothing of each other, as in a server: half of
 * Java's heap. A photo waits until there is room for it. Photos of which only parts are kept ({@link PhotoReader#keepingOnly}) take a few
 * megabytes, and are not counted.
 *
 * <p>Thread-safe; those that wait longest come first.
 */
public final class PhotoMemory {

    private static final int SHARE = 2;
    private static final int UNIT = 1024;

    /** Permits of {@value #UNIT} bytes. */
    private final Semaphore free;

    private final int all;

    private PhotoMemory(long bytes) {
        this.all = units(bytes);
        this.free = new Semaphore(all, true);
    }

    private static int units(long bytes) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, Math.max(1, (bytes + UNIT - 1) / UNIT)));
    }

    /** {@return half of this JVM's heap, all of it free} */
    public static PhotoMemory ofHeap() {
        return of(Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** Returns a memory of some bytes, all of them free. */
    static PhotoMemory of(long bytes) {
        return new PhotoMemory(bytes);
    }

    /**
     * Works with photos, whose memory counts until the work ends. If the heap does not suffice, because other things fill it, the work is
     * done once more while no other photo has memory.
     *
     * @param reader decides what is kept of photos
     * @param work reads photos with the reader that it gets, and is done with them when it returns
     * @param <T> what comes of it
     * @return the work's result
     * @throws PhotoException as the work does; {@linkplain #isLack caused} by an {@link OutOfMemoryError} if the memory did not suffice the
     *     second time either
     * @throws CancellationException if the thread is interrupted while it waits
     */
    public <T> T with(PhotoReader reader, Function<PhotoReader, T> work) {
        Held held = new Held();
        try {
            return work.apply(reader.within(held));
        } catch (PhotoException | OutOfMemoryError e) {
            if (!isLack(e)) {
                throw e;
            }
        } finally {
            held.giveBack();
        }
        Held everything = new Held();
        try {
            everything.take((long) all * UNIT);
            return work.apply(reader.within(everything));
        } finally {
            everything.giveBack();
        }
    }

    /**
     * Tells whether something failed because Java's heap did not suffice.
     *
     * @param failure of reading or explaining a photo
     * @return true for an {@link OutOfMemoryError} and what it caused
     */
    public static boolean isLack(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** What one thread's photos take. Not thread-safe. */
    final class Held {

        private int units;

        /**
         * Waits for further bytes. What is held already is given back meanwhile, so that no two threads wait for each other.
         *
         * @throws CancellationException if the thread is interrupted
         */
        void take(long bytes) {
            int wanted = (int) Math.min(all, (long) units + units(bytes));
            if (wanted == units) {
                return;
            }
            giveBack();
            try {
                free.acquire(wanted);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                CancellationException cancelled =
                        new CancellationException("interrupted before there was memory for the photo");
                cancelled.initCause(e);
                throw cancelled;
            }
            units = wanted;
        }

        private void giveBack() {
            free.release(units);
            units = 0;
        }
    }
}
