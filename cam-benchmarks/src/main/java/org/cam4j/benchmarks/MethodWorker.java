package org.cam4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.explain.Methods;

/**
 * Answers {@code methods.py}: loads a model, then for each line on standard input explains the input's best class by the method of that
 * name, enlarges the map to the input, and prints the seconds it took. {@code forward} explains without a map.
 */
final class MethodWorker {

    private MethodWorker() {}

    static void start(String[] arguments) throws IOException {
        Options options = Options.of(arguments);
        InputTensor file = InputTensor.readChannelsFirst(options.path("--input"));
        // In memory, as the others have it.
        InputTensor image = InputTensor.of(file.values(0), file.height(), file.width(), file.channels());
        try (ClassActivationMapper mapper = ClassActivationMapper.from(options.path("--model"))
                .threads(options.number("--threads"))
                .build()) {
            System.out.println("READY " + mapper.explain(image, 0).prediction().index() + " "
                    + mapper.summary().features());
            BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String method = requests.readLine(); method != null; method = requests.readLine()) {
                long start = System.nanoTime();
                run(mapper, image, method.strip());
                System.out.printf(Locale.ROOT, "%.6f%n", (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static void run(ClassActivationMapper mapper, InputTensor image, String method) {
        Explanation explanation = mapper.explain(image, 0);
        if (method.equals("cam")) {
            explanation.map().upsampledArray();
        } else if (!method.equals("forward")) {
            explanation
                    .map(explanation.prediction().index(), Methods.named(method, List.of()))
                    .upsampledArray();
        }
    }
}
