/**
 * Finds the parts of a classifier in a plan: the target layer, whose activations are mapped, the head from there to the scores, and the
 * output's activation.
 *
 * <p>In comes an {@link org.cam4j.plan.InferencePlan}; out goes a {@link org.cam4j.classifier.Classifier} or a refusal that names the
 * layers. {@link org.cam4j.classifier.IdentityCheck} runs a random image and checks that maps add up to scores.
 */
package org.cam4j.classifier;
