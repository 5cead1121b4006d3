package org.cam4j.examples.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The size of a network's input.
 *
 * @param height rows
 * @param width columns
 */
record InputSize(int height, int width) {

    /** Default size for models that leave it open. */
    static final int USUAL = 224;

    /** Reads {@code 224x160}: rows, then columns, as shapes are written. */
    static final class Converter implements ITypeConverter<InputSize> {

        private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,4})[xX]([1-9]\\d{0,4})");

        @Override
        public InputSize convert(String value) {
            Matcher sides = FORM.matcher(value);
            if (!sides.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is no size: expected rows and columns, such as 224x160");
            }
            return new InputSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
        }
    }
}
