package org.cam4j.examples.cli;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An amount of memory.
 *
 * @param bytes at least 1
 */
record MemorySize(long bytes) {

    /** Reads {@code 4g}, {@code 512m} and {@code 4294967296}, as Java's {@code -Xmx} is written. */
    static final class Converter implements ITypeConverter<MemorySize> {

        private static final List<String> UNITS = List.of("", "k", "m", "g", "t");
        private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,17})([kmgt]?)");

        @Override
        public MemorySize convert(String value) {
            Matcher parts = FORM.matcher(value.toLowerCase(Locale.ROOT));
            if (!parts.matches()) {
                throw refusal(value);
            }
            long unit = 1L << (10 * UNITS.indexOf(parts.group(2)));
            try {
                return new MemorySize(Math.multiplyExact(Long.parseLong(parts.group(1)), unit));
            } catch (ArithmeticException e) {
                throw refusal(value);
            }
        }

        private static TypeConversionException refusal(String value) {
            return new TypeConversionException("'" + value
                    + "' is no amount of memory: expected a number of bytes, or one with k, m, g or t, such as 4g");
        }
    }
}
