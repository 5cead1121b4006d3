package org.cam4j.exception;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;

/** The fault of a JSON text: Jackson's message without the parts about Jackson and Java. */
public final class JsonFault {

    /** {@code [Source: REDACTED (`StreamReadFeature...` disabled); line: 1, column: 2]}. */
    private static final String PLACE = "\\[Source: [^\\]]*?line: (\\d+), column: (\\d+)\\]";

    private static final String UNKNOWN_PLACE = " ?(at )?\\[Source: [^\\]]*\\]";

    /** Names of Jackson's settings and Java classes, with Jackson's advice about them. */
    private static final String INSIDE =
            "[:;,]? (not allowed as per|enable) `[^`]*`( to allow)?| \\(bound as `[^`]*`\\)|"
                    + " \\(class [\\w.$]+\\)|, not marked as ignorable.*|Cannot construct instance of `[^`]*`, problem: ";

    private JsonFault() {}

    /** Returns the fault, with line and column if they are known; without a full stop. */
    public static String of(JacksonException failure) {
        String said = String.valueOf(failure.getOriginalMessage())
                .replaceAll(PLACE, "line $1, column $2")
                .replaceAll(UNKNOWN_PLACE, "")
                .replaceAll(INSIDE, "")
                .strip()
                .replaceFirst("[.:]$", "");
        JsonLocation place = failure.getLocation();
        return place == null || place.getLineNr() < 1
                ? said
                : said + " (line " + place.getLineNr() + ", column " + place.getColumnNr() + ")";
    }
}
