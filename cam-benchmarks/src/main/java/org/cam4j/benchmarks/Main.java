package org.cam4j.benchmarks;

import java.util.Arrays;

/** The workers for the scripts in {@code peers}, the load on a server, the rate without one; anything else is JMH's command line. */
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
        String[] rest = arguments.length > 0 ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        switch (arguments.length > 0 ? arguments[0] : "") {
            case "worker" -> Worker.start(rest);
            case "methods" -> MethodWorker.start(rest);
            case "load" -> Load.start(rest);
            case "rate" -> Rate.start(rest);
            default -> org.openjdk.jmh.Main.main(arguments);
        }
    }
}
