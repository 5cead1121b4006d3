package org.cam4j.testing.random;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The process that random plans may take down: reads one recipe a line, and answers each with one line. */
final class PlanWorker {

    /** Before each answer: libraries write to the same stream. */
    static final String ANSWER = "ANSWER ";

    private PlanWorker() {}

    /** Takes the engine's name. */
    public static void main(String[] arguments) throws IOException {
        EngineUnderTest engine = EngineUnderTest.valueOf(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            TrialResult result = PlanTrial.run(engine, PlanRecipe.decoded(line));
            System.out.println();
            System.out.println(ANSWER + result.encoded());
            System.out.flush();
        }
        System.exit(0);
    }
}
