package org.cam4j.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings by system properties. */
class CudaSettingsTest {

    @AfterEach
    void forget() {
        for (String name : new String[] {"device", "precision", "tuned", "memory", "join", "apart"}) {
            System.clearProperty("cam4j.cuda." + name);
        }
    }

    @Test
    void withoutPropertiesTheFirstGpuComputesExactly() {
        assertThat(CudaSettings.ofSystemProperties()).isEqualTo(CudaSettings.standard());
    }

    @Test
    void propertiesSetAll() {
        System.setProperty("cam4j.cuda.device", "2");
        System.setProperty("cam4j.cuda.precision", "tf32");
        System.setProperty("cam4j.cuda.tuned", "true");
        System.setProperty("cam4j.cuda.memory", "1536m");
        System.setProperty("cam4j.cuda.join", "TRUE");
        System.setProperty("cam4j.cuda.apart", "true");

        assertThat(CudaSettings.ofSystemProperties())
                .isEqualTo(new CudaSettings(2, Precision.TF32, true, 3L << 29, true, true));
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

    @ParameterizedTest
    @CsvSource({"1, 1", "10k, 10240", "3M, 3145728", "2g, 2147483648", "999999999999999g, 9223372036854775807"})
    void memoryIsANumberOfBytes(String text, long bytes) {
        System.setProperty("cam4j.cuda.memory", text);

        assertThat(CudaSettings.ofSystemProperties().maxBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"memory, 0", "memory, -1", "memory, 2gb", "memory, half", "join, yes", "tuned, 1", "apart, on"})
    void whatIsNeitherBytesNorTrueNorFalseIsRefused(String name, String text) {
        System.setProperty("cam4j.cuda." + name, text);

        assertThatThrownBy(CudaSettings::ofSystemProperties)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cam4j.cuda." + name + " is '" + text + "'");
    }
}
