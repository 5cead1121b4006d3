/**
 * Measures how far maps show what the network uses: pixels are removed in a map's order, weights are replaced by random ones.
 *
 * <p>In come a photo, its map and a way to ask the network again, out go {@link org.cam4j.evaluation.faithfulness.FaithfulnessScores}.
 */
package org.cam4j.evaluation.faithfulness;
