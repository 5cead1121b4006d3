package org.cam4j.examples.cli;

import java.nio.file.InvalidPathException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the plainest command lines of {@code explain}, with a model, photos and no more than the common options, as picocli does. picocli's
 * reflection on the command takes a sixth of the time that one photo takes from start to end; whatever is not plain is left to it, and so is
 * everything wrong.
 */
final class PlainExplain {

    static final String COMMAND = "explain";

    private final ExplainCommand command;
    private final Set<String> seen = new HashSet<>();
    private final List<String> photos = new ArrayList<>();

    private PlainExplain(Console console) {
        this.command = new ExplainCommand(console);
    }

    /** Returns the command, with its options set; empty if picocli must read the arguments. */
    static Optional<ExplainCommand> of(String[] arguments, Console console) {
        if (arguments.length == 0 || !arguments[0].equals(COMMAND)) {
            return Optional.empty();
        }
        PlainExplain plain = new PlainExplain(console);
        try {
            return plain.reads(arguments) ? Optional.of(plain.command) : Optional.empty();
        } catch (InvalidPathException e) {
            // picocli names the option.
            return Optional.empty();
        }
    }

    private boolean reads(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            String argument = arguments[i];
            if (isPlain(argument)) {
                photos.add(argument);
            } else if (!seen.add(argument)) {
                return false;
            } else if (!isFlag(argument)) {
                i++;
                if (i == arguments.length || !isPlain(arguments[i]) || !isOption(argument, arguments[i])) {
                    return false;
                }
            }
        }
        command.photos.given = photos;
        return !photos.isEmpty() && seen.contains("--model");
    }

    /** Whether an argument is a name or a value: no option, no file of options, and nothing that picocli would take apart. */
    private static boolean isPlain(String argument) {
        return !argument.isEmpty()
                && argument.charAt(0) != '-'
                && argument.charAt(0) != '@'
                && argument.charAt(0) != '"';
    }

    private boolean isFlag(String name) {
        switch (name) {
            case "--no-overlay" -> command.pictures.overlays.noOverlay = true;
            case "--overwrite" -> command.folder.files.overwrite = true;
            case "--recursive" -> command.photos.recursive = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean isOption(String name, String value) {
        switch (name) {
            case "--model" -> command.model.model = GivenPath.of(value);
            case "--out" -> command.folder.out = GivenPath.of(value);
            case "--report" -> command.report = GivenPath.of(value);
            case "--overlay-size" -> command.pictures.overlays.size = value;
            case "--overlay-format" -> {
                Optional<OverlayFormat> format = OverlayFormat.named(value);
                format.ifPresent(chosen -> command.pictures.overlays.format = chosen);
                return format.isPresent();
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
