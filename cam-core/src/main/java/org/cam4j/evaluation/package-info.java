/**
 * How right maps are: whether their boxes are where people drew them, and whether the network uses what the maps show.
 *
 * <p>In come maps and {@link org.cam4j.evaluation.LabelledPhoto}s, read from CSV, Pascal VOC, COCO or wsolevaluation files; out
 * come numbers with the definitions of the papers that introduced them, always beside those of boxes that need no network.
 * {@link org.cam4j.evaluation.LocalizationEvaluation} collects the former, {@link org.cam4j.evaluation.Faithfulness} the latter
 * by running the network on changed photos.
 */
package org.cam4j.evaluation;
