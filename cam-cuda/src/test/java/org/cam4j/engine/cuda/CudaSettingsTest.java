package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings by system properties. */
class CudaSettingsTest {

    @AfterEach
    void forget() {
        System.clearProperty("cam4j.cuda.device");
        System.clearProperty("cam4j.cuda.precision");
        System.clearProperty("cam4j.cuda.tuned");
    }

    @Test
    void withoutPropertiesTheFirstGpuComputesExactly() {
        assertThat(CudaSettings.ofSystemProperties()).isEqualTo(new CudaSettings(0, Precision.EXACT, false));
    }

    @Test
    void propertiesChooseGpuPrecisionAndTuning() {
        System.setProperty("cam4j.cuda.device", "2");
        System.setProperty("cam4j.cuda.precision", "tf32");
        System.setProperty("cam4j.cuda.tuned", "true");

        assertThat(CudaSettings.ofSystemProperties()).isEqualTo(new CudaSettings(2, Precision.TF32, true));
    }

    @Test
    void otherValuesAreRefusedWithWhatIsExpected() {
        System.setProperty("cam4j.cuda.precision", "fast");
        assertThatThrownBy(CudaSettings::ofSystemProperties)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("cam4j.cuda.precision is 'fast': expected one of [EXACT, TF32, FP16, BF16]");

        System.setProperty("cam4j.cuda.precision", "EXACT");
        System.setProperty("cam4j.cuda.device", "-1");
        assertThatThrownBy(CudaSettings::ofSystemProperties)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GPU -1");

        System.setProperty("cam4j.cuda.device", "one");
        assertThatThrownBy(CudaSettings::ofSystemProperties)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'one'");
    }
}
