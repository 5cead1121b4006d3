package org.cam4j.benchmarks;

import java.util.Arrays;

/** {@code worker ...} starts the worker for {@code peers.py}, {@code load ...} asks a server; anything else is JMH's command line. */
public final class Main {

    private Main() {}

    /**
     * Runs a worker or JMH.
     *
     * @param arguments {@code worker --model FILE --input FILE --threads N --batch N}, {@code methods --model FILE --input FILE --threads N},
     *     {@code load --url URL --photos FOLDER --connections N --requests N}, {@code rate --model FILE --photos FOLDER --seconds N}, or
     *     JMH's
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("worker")) {
            Worker.start(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else if (arguments.length > 0 && arguments[0].equals("methods")) {
            MethodWorker.start(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else if (arguments.length > 0 && arguments[0].equals("load")) {
            Load.start(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else if (arguments.length > 0 && arguments[0].equals("rate")) {
            Rate.start(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            org.openjdk.jmh.Main.main(arguments);
        }
    }
}
