/**
 * Finds in a plan what makes it a classifier: the layer whose activations are mapped, the head that makes scores of them, and what the
 * network does to the scores; and checks on a probe that maps add up to scores.
 */
package org.cam4j.classifier;
