package org.cam4j.image;

/**
 * Tokens that are the cells of an image, row by row, behind some that are of no place, such as a class token.
 *
 * @param rows of cells
 * @param columns of cells
 * @param prefix tokens in front of the cells
 */
public record TokenGrid(int rows, int columns, int prefix) {

    /** Checks that there are cells. */
    public TokenGrid {
        if (rows < 1 || columns < 1 || prefix < 0) {
            throw new IllegalArgumentException(
                    "tokens of " + rows + "x" + columns + " cells behind " + prefix + " others");
        }
    }
}
