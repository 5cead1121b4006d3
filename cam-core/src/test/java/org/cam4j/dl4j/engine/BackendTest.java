package org.cam4j.dl4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.cam4j.exception.BackendException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about classpaths, drivers and GPUs that this machine has not. */
class BackendTest {

    private static final CudaDevice AMPERE = new CudaDevice("NVIDIA A100-SXM4-40GB", 8, 0);
    private static final CudaDevice HOPPER = new CudaDevice("NVIDIA H100 80GB HBM3", 9, 0);

    private static BackendFacts cuda(boolean cpuToo, CudaDevice... devices) {
        return new BackendFacts(cpuToo, true, Optional.empty(), List.of(devices));
    }

    private static BackendFacts failing(boolean cpuToo, String failure) {
        return new BackendFacts(cpuToo, true, Optional.of(failure), List.of());
    }

    @Test
    void theCpuAloneNeedsNoWord() {
        Backend backend = Backend.of(new BackendFacts(true, false, Optional.empty(), List.of()));

        backend.requireUsable();
        assertThat(backend.isGpu()).isFalse();
        assertThat(backend.remark()).isEmpty();
    }

    @Test
    void noBackendNamesTheDependencies() {
        Backend backend = Backend.of(new BackendFacts(false, false, Optional.empty(), List.of()));

        assertThatThrownBy(backend::requireUsable)
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("nd4j-native", "nd4j-cuda-11.6");
    }

    @Test
    void aGpuWithCodeIsTaken() {
        Backend backend = Backend.of(cuda(false, AMPERE));

        backend.requireUsable();
        assertThat(backend.isGpu()).isTrue();
        assertThat(backend.remark()).isEmpty();
    }

    @Test
    void bothBackendsOnTheClasspathAreWarnedOf() {
        Backend backend = Backend.of(cuda(true, AMPERE));

        backend.requireUsable();
        assertThat(backend.isGpu()).isTrue();
        assertThat(backend.remark()).contains("both on the classpath", "A100", "BACKEND_PRIORITY_CPU");
    }

    @Test
    void aGpuThatIsTooNewIsRefusedByNameWithWhatToDo() {
        assertThatThrownBy(() -> Backend.of(cuda(false, HOPPER)).requireUsable())
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("H100", "9.0", "8.9", "nd4j-native");
        assertThatThrownBy(() -> Backend.of(cuda(true, HOPPER)).requireUsable())
                .hasMessageContaining("BACKEND_PRIORITY_CPU=101");
    }

    @Test
    void oneOfSeveralGpusCanBeHidden() {
        assertThatThrownBy(() -> Backend.of(cuda(false, AMPERE, HOPPER)).requireUsable())
                .hasMessageContaining("CUDA_VISIBLE_DEVICES")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("A100"));
    }

    @Test
    void aMissingLibraryIsNamed() {
        assertThatThrownBy(() -> Backend.of(failing(false, "libcudart.so.11.0: cannot open shared object file"))
                        .requireUsable())
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("libcudart.so.11.0", "driver", "nd4j-native");
    }

    @Test
    void withoutAGpuTheCpuBackendBesideTakesOver() {
        Backend backend = Backend.of(failing(true, "CUDA error 35, driver version is insufficient"));

        backend.requireUsable();
        assertThat(backend.isGpu()).isFalse();
        assertThat(backend.remark()).contains("error 35", "CPU");
    }

    @Test
    void aDriverThatShowsNoGpuIsSaid() {
        assertThatThrownBy(() -> Backend.of(cuda(false)).requireUsable()).hasMessageContaining("shows none");
    }

    @ParameterizedTest
    @CsvSource({
        "3, 5, false",
        "3, 7, true",
        "5, 0, true",
        "5, 2, true",
        "6, 1, true",
        "7, 0, true",
        "7, 5, true",
        "8, 0, true",
        "8, 6, true",
        "8, 9, true",
        "9, 0, false",
        "10, 0, false",
        "12, 0, false"
    })
    void codeIsThereForTheGenerationsOfMaxwellToAdaAndTheK80(int major, int minor, boolean runs) {
        assertThat(new CudaDevice("GPU", major, minor).hasCode()).isEqualTo(runs);
    }

    @Test
    void thisBuildsOwnBackendIsUsable() {
        Backend.here().requireUsable();
    }
}
