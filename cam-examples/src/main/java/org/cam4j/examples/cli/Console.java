package org.cam4j.examples.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command prints, and how much.
 *
 * @param verbose whether {@code --verbose} is given
 * @param quiet whether {@code --quiet} is given
 */
record Console(PrintWriter out, PrintWriter err, boolean verbose, boolean quiet) {

    /** Returns the console of a command that picocli runs. */
    static Console of(CommandSpec command) {
        return new Console(
                command.commandLine().getOut(),
                command.commandLine().getErr(),
                Cam4j.isVerbose(command),
                Cam4j.isQuiet(command));
    }
}
