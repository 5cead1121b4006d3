package org.cam4j.plan.operation;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * The same numbers with rows, columns and channels in other roles: {@code new Transpose(COLUMNS, ROWS, CHANNELS)} exchanges rows and
 * columns.
 *
 * @param rows which axis of what is read becomes the rows
 * @param columns which becomes the columns
 * @param channels which becomes the channels
 */
public record Transpose(Axis rows, Axis columns, Axis channels) implements Operation {

    /** An axis of a value [h, w, c]. */
    public enum Axis {
        /** From top to bottom, h. */
        ROWS,
        /** From left to right, w. */
        COLUMNS,
        /** Within a cell, c. */
        CHANNELS;

        /**
         * Its place among the axes.
         *
         * @return 0 for rows, 1 for columns, 2 for channels
         */
        public int place() {
            return switch (this) {
                case ROWS -> 0;
                case COLUMNS -> 1;
                case CHANNELS -> 2;
            };
        }

        private int size(Shape shape) {
            return switch (this) {
                case ROWS -> shape.height();
                case COLUMNS -> shape.width();
                case CHANNELS -> shape.channels();
            };
        }
    }

    /** Checks that every axis is named once. */
    public Transpose {
        if (EnumSet.of(rows, columns, channels).size() < 3) {
            throw new IllegalArgumentException(
                    "transposes to " + rows + ", " + columns + ", " + channels + ": each axis must be named once");
        }
    }

    /**
     * Of axes counted from 0, rows, columns, channels, those of what is read in the order of the result's.
     *
     * @param order 0, 1 and 2 in some order
     * @return the operation
     * @throws IllegalArgumentException if an axis is missing
     */
    public static Transpose of(int... order) {
        if (order.length != 3) {
            throw new IllegalArgumentException("transposes " + order.length + " axes: expected 3");
        }
        return new Transpose(axis(order[0]), axis(order[1]), axis(order[2]));
    }

    private static Axis axis(int place) {
        return switch (place) {
            case 0 -> Axis.ROWS;
            case 1 -> Axis.COLUMNS;
            case 2 -> Axis.CHANNELS;
            default -> throw new IllegalArgumentException("axis " + place + ": expected 0, 1 or 2");
        };
    }

    /** Whether every axis stays where it is. */
    public boolean isIdentity() {
        return rows == Axis.ROWS && columns == Axis.COLUMNS;
    }

    @Override
    public Shape output(List<Shape> inputs) {
        Shape input = Operation.only(inputs, this);
        return new Shape(rows.size(input), columns.size(input), channels.size(input));
    }

    @Override
    public String describe() {
        return "transpose to " + (rows + ", " + columns + ", " + channels).toLowerCase(Locale.ROOT);
    }
}
