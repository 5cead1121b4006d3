package org.cam4j.training;

import org.nd4j.linalg.dataset.api.DataSetPreProcessor;

/** Changes batches in training, at random but so that an epoch that is repeated is repeated exactly. */
public interface TrainingPreProcessor extends DataSetPreProcessor {

    /**
     * Begins an epoch: from here on, the random numbers depend on the epoch alone.
     *
     * @param epoch from 1
     */
    void startEpoch(int epoch);
}
