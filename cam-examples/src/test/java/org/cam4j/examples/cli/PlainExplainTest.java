package org.cam4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The reader of plain command lines beside picocli. */
class PlainExplainTest {

    private static final int COMMAND_LINES = 3000;

    private static final List<List<String>> WORDS = List.of(
            List.of("--model", "net.cam4j"),
            List.of("--model", "-"),
            List.of("--out", "results"),
            List.of("--out", ""),
            List.of("--report", "page.html"),
            List.of("--overlay-size", "800"),
            List.of("--overlay-size", "big"),
            List.of("--overlay-format", "jpeg"),
            List.of("--overlay-format", "PNG"),
            List.of("--overlay-format", "gif"),
            List.of("--no-overlay"),
            List.of("--overwrite"),
            List.of("--recursive"),
            List.of("--model=net.cam4j"),
            List.of("--json"),
            List.of("--top", "3"),
            List.of("--mdoel", "net.cam4j"),
            List.of("--help"),
            List.of("--"),
            List.of("@options"),
            List.of("-"),
            List.of(""),
            List.of("explain"),
            List.of("a b.jpg"),
            List.of("photos"),
            List.of("\"quoted\""),
            List.of("x=y.jpg"));

    private static Optional<ExplainCommand> plain(List<String> arguments) {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return PlainExplain.of(arguments.toArray(String[]::new), new Console(nowhere, nowhere, false, false));
    }

    private static ExplainCommand byPicocli(List<String> arguments) {
        CommandLine program = Cam4j.configured(new Cam4j(), arguments.toArray(String[]::new));
        assertThat(WrongArguments.all(program, arguments.toArray(String[]::new)))
                .as(arguments.toString())
                .isEmpty();
        return (ExplainCommand)
                program.getSubcommands().get("explain").getCommandSpec().userObject();
    }

    /** All options of a command and of what is mixed into it, by the names of their fields. */
    private static Map<String, Object> options(Object command, String prefix) throws IllegalAccessException {
        Map<String, Object> options = new TreeMap<>();
        for (Class<?> type = command.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || field.getName().equals("console")) {
                    continue;
                }
                field.setAccessible(true);
                if (field.isAnnotationPresent(CommandLine.Mixin.class)) {
                    options.putAll(options(field.get(command), prefix + field.getName() + "."));
                } else if (field.isAnnotationPresent(CommandLine.Option.class)
                        || field.isAnnotationPresent(CommandLine.Parameters.class)) {
                    options.put(prefix + field.getName(), String.valueOf(field.get(command)));
                }
            }
        }
        return options;
    }

    @Test
    void setsEveryOptionAsPicocliDoes() throws IllegalAccessException {
        Random random = new Random(7);
        int plainOnes = 0;
        for (int i = 0; i < COMMAND_LINES; i++) {
            List<List<String>> chosen = new ArrayList<>();
            // Half of them without what only picocli reads.
            int kinds = random.nextBoolean() ? WORDS.size() : 13;
            for (int n = random.nextInt(6); n > 0; n--) {
                chosen.add(WORDS.get(random.nextInt(kinds)));
            }
            if (random.nextInt(4) > 0) {
                chosen.add(random.nextInt(chosen.size() + 1), List.of("--model", "net.h5"));
                chosen.add(random.nextInt(chosen.size() + 1), List.of("panda.jpg"));
            }
            List<String> arguments = new ArrayList<>(List.of("explain"));
            chosen.forEach(arguments::addAll);
            Optional<ExplainCommand> plain = plain(arguments);
            if (plain.isPresent()) {
                plainOnes++;
                assertThat(options(plain.get(), ""))
                        .as(arguments.toString())
                        .isEqualTo(options(byPicocli(arguments), ""));
            }
        }
        assertThat(plainOnes).isGreaterThan(COMMAND_LINES / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "inspect model.h5",
                "explain",
                "explain photo.jpg",
                "explain --model m.h5",
                "explain --model m.h5 --top 3 photo.jpg",
                "explain --model m.h5 --json photo.jpg",
                "explain --model m.h5 --verbose photo.jpg",
                "explain --model m.h5 --help photo.jpg",
                "explain --model=m.h5 photo.jpg",
                "explain --model m.h5 --model n.h5 photo.jpg",
                "explain --model m.h5 --no-overlay --no-overlay photo.jpg",
                "explain --model --out photo.jpg",
                "explain --model m.h5 -- photo.jpg",
                "explain --model m.h5 @photos",
                "explain --model m.h5 -",
                "explain photo.jpg --model"
            })
    void leavesTheRestToPicocli(String arguments) {
        assertThat(plain(List.of(arguments.split(" ")))).isEmpty();
    }

    @Test
    void takesWhatTheReadmeSays() {
        Optional<ExplainCommand> command =
                plain(List.of("explain", "--model", "animals.cam4j", "--out", "results", "photos"));

        assertThat(command).isPresent();
        assertThat(command.get().model.file()).isEqualTo(Path.of("animals.cam4j"));
    }
}
