package org.cam4j.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cam4j.plan.operation.Shape;
import org.junit.jupiter.api.Test;

class ArenaTest {

    private static Tensor tensor(int floats, int first, int last) {
        Tensor tensor = new Tensor(Layouts.FLOATS.plain(new Shape(1, 1, floats)));
        tensor.usedBy(first);
        tensor.usedBy(last);
        return tensor;
    }

    @Test
    void valuesThatLiveAtTheSameTimeNeverOverlap() {
        Random random = new Random(1);
        for (int trial = 0; trial < 200; trial++) {
            List<Tensor> tensors = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int first = random.nextInt(30);
                tensors.add(tensor(1 + random.nextInt(500), first, first + random.nextInt(6)));
            }
            long bytes = Arena.place(tensors);
            for (Tensor a : tensors) {
                assertThat(a.offset() % 64).isZero();
                assertThat(a.offset() + a.bytes()).isLessThanOrEqualTo(bytes);
                for (Tensor b : tensors) {
                    boolean meanwhile = a.firstUse() <= b.lastUse() && b.firstUse() <= a.lastUse();
                    boolean overlap = a.offset() < b.offset() + b.bytes() && b.offset() < a.offset() + a.bytes();
                    assertThat(a != b && meanwhile && overlap).isFalse();
                }
            }
        }
    }

    @Test
    void aChainOfValuesNeedsTheTwoLargestNeighbours() {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tensors.add(tensor(160, i, i + 1));
        }

        assertThat(Arena.place(tensors)).isEqualTo(2 * 640);
    }

    @Test
    void aPartLiesInItsWholeAndKeepsItAlive() {
        Tensor whole = new Tensor(Layouts.FLOATS.plain(new Shape(1, 1, 64)));
        Tensor part = whole.part(Layouts.FLOATS.plain(new Shape(1, 1, 16)), 128);
        part.usedBy(3);
        whole.usedBy(7);
        Tensor other = tensor(64, 4, 5);

        assertThat(Arena.place(List.of(other, whole, part))).isEqualTo(512);
        assertThat(part.offset()).isEqualTo(whole.offset() + 128);
        assertThat(whole.firstUse()).isEqualTo(3);
    }
}
