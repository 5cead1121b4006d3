package org.cam4j.examples.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.process.BindingClasses;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The program: {@code cam4j explain}, {@code objects}, {@code evaluate}, {@code select}, {@code train}, {@code serve}, {@code inspect},
 * {@code prepare}.
 */
@Command(
        name = "cam4j",
        description = "Shows which part of a photo made a network choose a class.",
        mixinStandardHelpOptions = true,
        versionProvider = Cam4j.Version.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND")
public final class Cam4j implements Runnable {

    private static final String VERBOSE = "--verbose";

    /** Exit status: everything is done. */
    static final int DONE = 0;

    /** Exit status: some photos failed, the others are done. */
    static final int SOME_FAILED = 1;

    /** Exit status: nothing was done, because the command line, the model or every photo is wrong. */
    static final int REFUSED = 2;

    /** Exit status of an interrupted run, as in shells: 128 + SIGINT. */
    static final int INTERRUPTED = 130;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Option(
            names = VERBOSE,
            scope = ScopeType.INHERIT,
            description = "Also print the libraries' messages, and the stack trace of an error.")
    private boolean verbose;

    @Option(
            names = "--quiet",
            scope = ScopeType.INHERIT,
            description = "Print only what failed, and the lines of --json.")
    private boolean quiet;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("explain", ExplainCommand.class);
        commands.put("objects", ObjectsCommand.class);
        commands.put("evaluate", EvaluateCommand.class);
        commands.put("select", SelectCommand.class);
        commands.put("train", TrainCommand.class);
        commands.put("serve", ServeCommand.class);
        commands.put("inspect", InspectCommand.class);
        commands.put("prepare", PrepareCommand.class);
        commands.put("completion", CompletionCommand.class);
        return commands;
    }

    /** Returns only the named command, because picocli reflects on each; without a name, all commands for the help. */
    private static void addCommands(CommandLine program, String[] arguments) {
        boolean isAskedFor = arguments.length > 0 && commands().containsKey(arguments[0]);
        commands().forEach((name, command) -> {
            if (!isAskedFor || name.equals(arguments[0])) {
                program.addSubcommand(name, command);
            }
        });
    }

    /**
     * Runs the program and ends the JVM with its exit status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        // Headless: otherwise drawing a picture would look for a display.
        System.setProperty("java.awt.headless", "true");
        UnsafeWarning.silence();
        configureLog(List.of(arguments).contains(VERBOSE));
        configureJavaCpp();
        ClassActivationMapper.warmUp();
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(stopper(Thread.currentThread(), finished));
        int status = REFUSED;
        try {
            status = run(arguments, writer(System.out), writer(System.err));
        } finally {
            // Released in any case: the shutdown hook waits for it.
            finished.countDown();
            System.exit(status);
        }
    }

    /** Handles Ctrl-C: interrupts the work and gives it time to delete the unfinished file. */
    private static Thread stopper(Thread worker, CountDownLatch finished) {
        return new Thread(
                () -> {
                    worker.interrupt();
                    try {
                        if (!finished.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                            System.err.println("cam4j: the work did not stop in time");
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "cam4j-stop");
    }

    /** Returns a stream in the terminal's own encoding. */
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    /** Runs the program and returns the exit status. */
    static int run(String[] arguments, PrintWriter out, PrintWriter err) {
        Cam4j program = new Cam4j();
        Optional<ExplainCommand> plain = PlainExplain.of(arguments, new Console(out, err, false, false));
        return plain.isPresent() ? program.run(plain.get(), out, err) : program.runByPicocli(arguments, out, err);
    }

    private int run(ExplainCommand command, PrintWriter out, PrintWriter err) {
        try {
            return StandardOutput.status(command.call(), out, err);
        } catch (RuntimeException | Error e) {
            return report(e, PlainExplain.COMMAND, err);
        }
    }

    /** Returns picocli's reader of the command line. */
    static CommandLine configured(Cam4j program, String[] arguments) {
        CommandLine commandLine = new CommandLine(program);
        addCommands(commandLine, arguments);
        return commandLine
                .registerConverter(Path.class, new GivenPath.Converter())
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private int runByPicocli(String[] arguments, PrintWriter out, PrintWriter err) {
        CommandLine commandLine = configured(this, arguments)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((failure, args) -> WrongArguments.print(List.of(failure), err))
                .setExecutionExceptionHandler(
                        (failure, command, parsed) -> report(failure, command.getCommandName(), err));
        try {
            List<CommandLine.ParameterException> wrong = WrongArguments.all(commandLine, arguments);
            return wrong.isEmpty()
                    ? StandardOutput.status(commandLine.execute(arguments), out, err)
                    : WrongArguments.print(wrong, err);
        } catch (RuntimeException | Error e) {
            return report(e, "", err);
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "no command given: " + String.join(", ", commands().keySet()));
    }

    private int report(Throwable failure, String command, PrintWriter err) {
        if (Thread.currentThread().isInterrupted()) {
            // A terminal has shown ^C on the line.
            err.println((Ansi.AUTO.enabled() ? System.lineSeparator() : "")
                    + "cam4j: interrupted; the files that are there are whole");
            return INTERRUPTED;
        }
        if (failure instanceof WrongArgumentException wrong) {
            return WrongArguments.print(wrong, command, err);
        }
        err.println("cam4j: " + Messages.of(failure));
        if (verbose) {
            if (failure instanceof UnsupportedModelException unsupported) {
                unsupported.obstacles().forEach(obstacle -> err.println("  " + Messages.of(obstacle)));
            }
            failure.printStackTrace(err);
        }
        return REFUSED;
    }

    /** Configures logging before the first logger exists, so before picocli runs. jHDF's settings would log to standard output. */
    private static void configureLog(boolean verbose) {
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", verbose ? "info" : "off");
        System.setProperty("org.slf4j.simpleLogger.logFile", "System.err");
    }

    /** Spares JavaCPP work at each start; what the user has set stays. */
    private static void configureJavaCpp() {
        if (System.getProperty(BindingClasses.ALONE) == null) {
            System.setProperty(BindingClasses.ALONE, "true");
        }
        // By default JavaCPP reads the process's size from Linux for each object that it allocates. Its limit of bytes
        // stays.
        if (System.getProperty("org.bytedeco.javacpp.maxphysicalbytes") == null
                && System.getProperty("org.bytedeco.javacpp.maxPhysicalBytes") == null) {
            System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        }
    }

    /** Whether {@code --verbose} is given. */
    static boolean isVerbose(CommandLine.Model.CommandSpec command) {
        return command.root().userObject() instanceof Cam4j program && program.verbose;
    }

    /** Whether {@code --quiet} is given. */
    static boolean isQuiet(CommandLine.Model.CommandSpec command) {
        return command.root().userObject() instanceof Cam4j program && program.quiet;
    }

    /** Returns the program with all its commands. */
    static CommandLine allCommands() {
        CommandLine commandLine = new CommandLine(new Cam4j());
        addCommands(commandLine, new String[0]);
        return commandLine;
    }

    /** Provides the version: {@code cam4j 0.1.0}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"cam4j " + ClassActivationMapper.version()};
        }
    }
}
