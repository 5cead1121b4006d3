package org.cam4j.testing.random;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Transpose;

/** Operations on axes that need not be those of an image. */
final class RandomSequences {

    private RandomSequences() {}

    /** All cells one after the other. */
    static Shape tokens(Shape shape) {
        return new Shape(shape.size() / shape.channels(), shape.channels());
    }

    static Transpose order(int rank, Random random) {
        List<Integer> axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(axes, random);
        return new Transpose(axes);
    }

    /** So many axes; each but the last takes some divisor of what is left. */
    static Reshape reshaped(Shape shape, int rank, Random random) {
        int[] sizes = new int[rank];
        int left = shape.size();
        for (int axis = 0; axis < rank - 1; axis++) {
            int rest = left;
            List<Integer> divisors = IntStream.rangeClosed(1, Math.min(left, 40))
                    .filter(size -> rest % size == 0)
                    .boxed()
                    .toList();
            sizes[axis] = divisors.get(random.nextInt(divisors.size()));
            left /= sizes[axis];
        }
        sizes[rank - 1] = left;
        return new Reshape(new Shape(sizes));
    }

    static Slice slice(Shape shape, Random random) {
        int axis = random.nextInt(shape.rank());
        int first = random.nextInt(shape.size(axis));
        return new Slice(axis, first, 1 + random.nextInt(shape.size(axis) - first));
    }
}
