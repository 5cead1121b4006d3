package org.cam4j.testing.random;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * The numbers that a random plan and its trial are made of. Any numbers make a plan, so that jqwik may shrink each by itself.
 *
 * @param height rows of the image
 * @param width columns of the image
 * @param channels channels of the image
 * @param threads that the engine is told to use
 * @param batch images that are run at once, after one alone
 * @param classes outputs of the head
 * @param steps the {@link Choice}s of each step
 */
record PlanRecipe(int height, int width, int channels, int threads, int batch, int classes, List<List<Integer>> steps) {

    private static final int LARGEST_SIZE = 17;
    private static final int MOST_STEPS = 9;

    static Arbitrary<PlanRecipe> arbitrary() {
        Arbitrary<List<Integer>> step = Combinators.combine(Choice.all()).as(numbers -> List.copyOf(numbers));
        Arbitrary<Integer> sizes = Choice.uniform(1, LARGEST_SIZE);
        return Combinators.combine(
                        sizes,
                        sizes,
                        Choice.channels(),
                        Choice.uniform(1, 2),
                        Arbitraries.of(2, 3, 5, 9),
                        Choice.uniform(1, 12),
                        step.list().ofMinSize(1).ofMaxSize(MOST_STEPS))
                .as(PlanRecipe::new);
    }

    /** One line. */
    String encoded() {
        return List.of(height, width, channels, threads, batch, classes).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(","))
                + steps.stream()
                        .map(step -> ";" + step.stream().map(String::valueOf).collect(Collectors.joining(",")))
                        .collect(Collectors.joining());
    }

    /** What {@link #encoded()} gave. */
    static PlanRecipe decoded(String line) {
        List<List<Integer>> parts = Arrays.stream(line.split(";", -1))
                .map(part ->
                        Arrays.stream(part.split(",", -1)).map(Integer::valueOf).toList())
                .toList();
        List<Integer> first = parts.get(0);
        return new PlanRecipe(
                first.get(0),
                first.get(1),
                first.get(2),
                first.get(3),
                first.get(4),
                first.get(5),
                parts.subList(1, parts.size()));
    }
}
