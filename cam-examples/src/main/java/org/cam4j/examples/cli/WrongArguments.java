package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything that is wrong with a command line, at once, with the names that may have been meant. */
final class WrongArguments {

    /** How many names one wrong name may stand for. */
    private static final int ALTERNATIVES = 3;

    private WrongArguments() {}

    /** Returns what is wrong with the arguments; empty if they can be carried out, or ask for help. */
    static List<ParameterException> all(CommandLine program, String[] arguments) {
        collect(program, true);
        try {
            program.parseArgs(arguments);
            List<ParameterException> wrong = new ArrayList<>();
            for (CommandLine command = program; command != null; command = next(command)) {
                CommandLine.ParseResult result = command.getParseResult();
                if (result.isUsageHelpRequested() || result.isVersionHelpRequested()) {
                    return List.of();
                }
                for (Exception error : result.errors()) {
                    if (error instanceof ParameterException known) {
                        wrong.add(known);
                    }
                }
            }
            return wrong;
        } catch (ParameterException e) {
            return List.of(e);
        } finally {
            collect(program, false);
        }
    }

    private static void collect(CommandLine program, boolean all) {
        program.getCommandSpec().parser().collectErrors(all);
        program.getSubcommands().values().forEach(command -> collect(command, all));
    }

    private static CommandLine next(CommandLine command) {
        CommandLine.ParseResult result = command.getParseResult();
        return result.hasSubcommand() ? result.subcommand().commandSpec().commandLine() : null;
    }

    /** Prints a line for each, and where help is; returns the exit status. */
    static int print(List<ParameterException> wrong, PrintWriter err) {
        Set<String> lines = new LinkedHashSet<>();
        for (ParameterException failure : wrong) {
            lines.add("cam4j: " + Messages.of(failure) + meant(failure));
        }
        lines.forEach(err::println);
        CommandLine command = wrong.get(0).getCommandLine();
        return printHelp(command.getParent() == null ? "" : " " + command.getCommandName(), err);
    }

    /** Prints what a command refuses when it runs, and where help is; returns the exit status. */
    static int print(WrongArgumentException wrong, String command, PrintWriter err) {
        err.println("cam4j: " + Messages.of(wrong));
        return printHelp(" " + command, err);
    }

    private static int printHelp(String command, PrintWriter err) {
        err.println("Try 'cam4j" + command + " --help'.");
        return Cam4j.REFUSED;
    }

    private static String meant(ParameterException failure) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)
                || unmatched.getUnmatched().isEmpty()) {
            return "";
        }
        List<String> given = unmatched.getUnmatched();
        CommandLine command = unmatched.getCommandLine();
        if (!given.get(0).startsWith("-")) {
            return question(near(given.get(0), command.getSubcommands().keySet(), ALTERNATIVES), " or ");
        }
        List<String> wrong = given.stream().filter(name -> name.startsWith("-")).toList();
        Set<String> options = command.getCommandSpec().optionsMap().keySet();
        return wrong.size() == 1
                ? question(near(wrong.get(0), options, ALTERNATIVES), " or ")
                : question(
                        wrong.stream()
                                .flatMap(name -> near(name, options, 1).stream())
                                .distinct()
                                .toList(),
                        ", ");
    }

    private static String question(List<String> near, String between) {
        return near.isEmpty() ? "" : " (did you mean " + String.join(between, near) + "?)";
    }

    /** The names that are like the given one, the nearest first. */
    private static List<String> near(String given, Set<String> names, int limit) {
        return names.stream()
                .filter(name -> distance(given.toLowerCase(Locale.ROOT), name) <= Math.max(1, name.length() / 3))
                .sorted(Comparator.comparingInt(name -> distance(given, name)))
                .limit(limit)
                .toList();
    }

    /** The letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
    static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                cost[i][j] =
                        Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[from.length()][to.length()];
    }
}
