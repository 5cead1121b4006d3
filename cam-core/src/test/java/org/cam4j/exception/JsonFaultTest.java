package org.cam4j.exception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFaultTest {

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    record Box(int width) {}

    private static String fault(String text) {
        return JsonFault.of(catchThrowableOfType(JacksonException.class, () -> STRICT.readTree(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1, 2",
                "{\"a\": 1 \"b\"}",
                "{\"a\": 1, \"a\": 2}",
                "\"a",
                "nul",
                "{} {}",
                "[1,]",
                "{\"a\": 01}",
                "[NaN]"
            })
    void saysWhereItIsAndNothingOfJackson(String text) {
        assertThat(fault(text))
                .doesNotContain("REDACTED", "Source:", "StreamReadFeature", "org.cam4j", "jackson")
                .matches(".+ \\(line 1, column \\d+\\)");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(JsonFault.of(catchThrowableOfType(JacksonException.class, () -> STRICT.readTree(bytes))))
                .doesNotContain("REDACTED", "Source:");
    }

    @Test
    void theOtherPlaceThatAMessageNamesStays() {
        assertThat(fault("{\n \"a\": ["))
                .isEqualTo("Unexpected end-of-input: expected close marker for Array (start marker at line 2, column 7)"
                        + " (line 2, column 8)");
    }

    @Test
    void classesOfJavaAreLeftOut() {
        assertThat(JsonFault.of(catchThrowableOfType(
                        JacksonException.class, () -> STRICT.readValue("{\"height\": 1}", Box.class))))
                .startsWith("Unrecognized field \"height\"")
                .doesNotContain("class ", "ignorable");
    }
}
