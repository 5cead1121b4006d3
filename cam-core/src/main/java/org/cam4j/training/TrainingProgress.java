package org.cam4j.training;

import java.time.Duration;

/**
 * The progress of a training after an epoch.
 *
 * @param epoch what it gave
 * @param epochs how many there are at most
 * @param isBest whether it is the best so far
 * @param elapsed since this run began; not counting runs before it that were stopped
 * @param left how long the epochs that are left would take; early stopping may spare some
 */
public record TrainingProgress(
        TrainingResult.Epoch epoch, int epochs, boolean isBest, Duration elapsed, Duration left) {}
