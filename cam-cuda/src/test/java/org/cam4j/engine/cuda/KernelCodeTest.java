package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @Test
    void codeThatTheDriverDoesNotTakeIsPassedOver() {
        StandIn.require();
        byte[] ofOthers = bytes("code of other GPUs");

        assertThat(KernelCode.loaded(0, Stream.of(ofOthers, bytes("storesHalf"))))
                .isPresent();
        assertThat(KernelCode.loaded(0, Stream.of(ofOthers))).isEmpty();
        assertThat(KernelCode.loaded(0, Stream.of())).isEmpty();
    }

    private static byte[] bytes(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** {@code sumsByMeans} may: products of floats are exact in double precision. */
    @ParameterizedTest
    @ValueSource(strings = {"sampleBytes", "channelSums", "channelMeans", "upsample"})
    void kernelsWithJavasBitsContractNothing(String kernel) throws IOException {
        try (InputStream in = KernelCode.class.getResourceAsStream("kernels-0.ptx")) {
            assumeTrue(in != null, "this build has no PTX: build with -Pkernels");
            String code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            int start = code.indexOf(".entry " + kernel + "(");

            assertThat(start).isNotNegative();
            assertThat(code.substring(start, code.indexOf("\n}", start))).doesNotContain("fma.rn");
        }
    }
}
