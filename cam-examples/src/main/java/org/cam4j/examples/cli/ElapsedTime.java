package org.cam4j.examples.cli;

import java.util.Locale;

/** Times as people read them: {@code 4.1 s}, {@code 6:55}, {@code 1:02:30}. */
final class ElapsedTime {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;

    private ElapsedTime() {}

    /** A time that was measured: tenths of seconds below a minute. */
    static String of(double seconds) {
        return Math.round(seconds * 10) < MINUTE * 10
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : whole(Math.round(seconds));
    }

    /** A time that is estimated: whole seconds, rounded up. */
    static String estimated(double seconds) {
        return whole((long) Math.ceil(seconds));
    }

    private static String whole(long seconds) {
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        return seconds < HOUR
                ? String.format(Locale.ROOT, "%d:%02d", seconds / MINUTE, seconds % MINUTE)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
    }
}
