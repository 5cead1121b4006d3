package org.cam4j.explain;

import java.util.Arrays;
import java.util.List;

/**
 * What the tokens of a transformer attend to, for one image.
 *
 * @param layer the layer at whose cells maps of tokens lie
 * @param rows of cells
 * @param columns of cells
 * @param prefix tokens in front of those of the cells, such as a class token; what is left behind the cells is of no place either
 * @param read [t], whether the scores are read from a token behind the last block: a class token alone, or all
 * @param blocks in the network's order, at least one
 */
public record Attention(String layer, int rows, int columns, int prefix, boolean[] read, List<Block> blocks) {

    /**
     * The attention of one block.
     *
     * @param name of its softmax
     * @param heads h
     * @param shares {@code A} [h, t, t]: how much each token (second axis) takes of each (last axis); rows add up to 1. Row-major; not
     *     copied: do not modify it
     */
    public record Block(String name, int heads, float[] shares) {}

    /**
     * Checks sizes and copies the list.
     *
     * @throws IllegalArgumentException if there are more cells than tokens, or if a block has not {@code h · t · t} shares
     */
    public Attention {
        blocks = List.copyOf(blocks);
        int tokens = read.length;
        if (rows < 1 || columns < 1 || prefix < 0 || prefix + (long) rows * columns > tokens || blocks.isEmpty()) {
            throw new IllegalArgumentException("attention of " + blocks.size() + " blocks of " + tokens + " tokens for "
                    + rows + "x" + columns + " cells behind " + prefix + " others");
        }
        for (Block block : blocks) {
            if (block.shares().length != (long) block.heads() * tokens * tokens) {
                throw new IllegalArgumentException(block.shares().length + " shares of '" + block.name() + "' for "
                        + block.heads() + " heads of " + tokens + " tokens");
            }
        }
    }

    /**
     * Returns the number of tokens.
     *
     * @return t
     */
    public int tokens() {
        return read.length;
    }

    /**
     * Makes a map of the cells' tokens.
     *
     * @param numbers of all tokens [t]
     * @return the numbers of the cells [rows, columns]
     */
    public RawMap map(double[] numbers) {
        double[] cells = Arrays.copyOfRange(numbers, prefix, prefix + rows * columns);
        return new RawMap(layer, rows, columns, Doubles.rounded(cells));
    }
}
