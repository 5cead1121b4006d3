package org.cam4j.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Against the decomposition of whole matrices by Apache Commons Math. */
class SymmetricEigenvectorTest {

    @Property(tries = 60)
    void largestEigenvalueAndItsVectorAreThoseOfTheWholeDecomposition(
            @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
        RealMatrix half = new Array2DRowRealMatrix(TinyNetwork.random(new Random(seed), rows, rows, 1));
        RealMatrix matrix = half.add(half.transpose());
        SymmetricEigenvector found = SymmetricEigenvector.largest(rows, matrix::operate);
        EigenDecomposition whole = new EigenDecomposition(matrix);
        double largest = whole.getRealEigenvalue(0);
        assertThat(found.value()).isCloseTo(largest, Offset.offset(1e-9 * rows));
        double[] image = matrix.operate(found.vector());
        double length = 0;
        for (int i = 0; i < rows; i++) {
            length += found.vector()[i] * found.vector()[i];
            assertThat(image[i]).isCloseTo(largest * found.vector()[i], Offset.offset(1e-9 * rows));
        }
        assertThat(length).isCloseTo(1, Offset.offset(1e-12));
    }

    @Test
    void theLargestIsNotTheLargestInSize() {
        SymmetricEigenvector found = SymmetricEigenvector.largest(3, u -> new double[] {-9 * u[0], 2 * u[1], u[2]});
        assertThat(found.value()).isCloseTo(2, Offset.offset(1e-12));
        assertThat(Math.abs(found.vector()[1])).isCloseTo(1, Offset.offset(1e-12));
    }

    @Test
    void aMatrixOfNoughtsHasTheEigenvalueNought() {
        SymmetricEigenvector found = SymmetricEigenvector.largest(5, u -> new double[5]);
        assertThat(found.value()).isZero();
        assertThat(found.vector()).hasSize(5).doesNotContain(Double.NaN);
    }
}
