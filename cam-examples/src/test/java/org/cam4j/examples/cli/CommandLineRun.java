package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** What a command said and how it ended. */
public record CommandLineRun(int status, String output, String errors) {

    /** Runs the program. */
    public static CommandLineRun of(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Cam4j.run(
                Stream.of(arguments).map(Object::toString).toArray(String[]::new),
                new PrintWriter(out, true),
                new PrintWriter(err, true));
        return new CommandLineRun(status, out.toString(), err.toString());
    }
}
