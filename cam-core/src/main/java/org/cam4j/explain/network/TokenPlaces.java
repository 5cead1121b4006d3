package org.cam4j.explain.network;

import java.util.Optional;
import org.cam4j.plan.InferencePlan;

/** Finds the cells of an image that attention weighs as tokens. */
@FunctionalInterface
public interface TokenPlaces {

    /** Finds none. */
    TokenPlaces NONE = plan -> Optional.empty();

    /**
     * Follows the cells of the image to the tokens that a plan's features weigh.
     *
     * @param plan whose features are attention, [.., tokens]
     * @return where the cells are among them; empty if they are not all there, row by row
     */
    Optional<Grid> of(InferencePlan plan);

    /**
     * Tokens that are cells, row by row.
     *
     * @param rows of cells
     * @param columns of cells
     * @param prefix tokens in front of the cells
     */
    record Grid(int rows, int columns, int prefix) {}
}
