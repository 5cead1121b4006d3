package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which code a GPU gets from the jar. */
class KernelCodeTest {

    @Test
    void codeOfTheSameGenerationComesBeforeWhatTheDriverCompiles() {
        assertThat(KernelCode.resources(Precision.FP16, 89))
                .startsWith("kernels-1-89.cubin", "kernels-1-88.cubin")
                .endsWith("kernels-1-80.cubin", "kernels-1.ptx");
        assertThat(KernelCode.resources(Precision.EXACT, 120)).containsExactly("kernels-0-120.cubin", "kernels-0.ptx");
    }

    @Test
    void numbersOfTheSameSizeShareCode() {
        assertThat(KernelCode.resources(Precision.TF32, 75)).isEqualTo(KernelCode.resources(Precision.EXACT, 75));
    }

    @Test
    void codeForAnOlderSecondNumberRunsOnANewerOneAlone() {
        assertThat(KernelCode.resources(Precision.EXACT, 75)).contains("kernels-0-75.cubin");
        assertThat(KernelCode.resources(Precision.EXACT, 70)).doesNotContain("kernels-0-75.cubin");
    }
}
