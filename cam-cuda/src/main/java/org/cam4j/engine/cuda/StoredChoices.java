package org.cam4j.engine.cuda;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What a tuned engine chose, as text in a prepared model: a line for each kind of convolution, its fields separated by tabs. */
final class StoredChoices {

    private static final int FIELDS = 5;

    private StoredChoices() {}

    static byte[] encode(Map<String, Choice> choices) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(choices).forEach((convolution, choice) -> text.append(convolution)
                .append('\t')
                .append(choice.kind())
                .append('\t')
                .append(choice.algorithm())
                .append('\t')
                .append(choice.mathType())
                .append('\t')
                .append(choice.memory())
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Decodes choices.
     *
     * @throws IllegalArgumentException if the text is damaged
     */
    static Map<String, Choice> decode(byte[] description) {
        Map<String, Choice> choices = new TreeMap<>();
        for (String line :
                new String(description, StandardCharsets.UTF_8).lines().toList()) {
            String[] fields = line.split("\t", -1);
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("the stored choices of convolutions are damaged: a line has "
                        + fields.length + " fields instead of " + FIELDS);
            }
            try {
                choices.put(
                        fields[0],
                        new Choice(
                                Choice.Kind.valueOf(fields[1]),
                                Integer.parseInt(fields[2]),
                                Integer.parseInt(fields[3]),
                                Long.parseLong(fields[4])));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "the stored choices of convolutions are damaged: " + e.getMessage(), e);
            }
        }
        return choices;
    }
}
