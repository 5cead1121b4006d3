package org.cam4j.dl4j.layers;

import java.util.Collection;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gives a layer's run what DL4J expects of every layer that is instantiated. */
final class LayerStart {

    private LayerStart() {}

    static <L extends BaseLayer<?>> L of(
            L run,
            NeuralNetConfiguration configuration,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initializeParameters,
            ParamInitializer initializer) {
        run.setListeners(listeners);
        run.setIndex(index);
        run.setParamsViewArray(parameters);
        run.setParamTable(initializer.init(configuration, parameters, initializeParameters));
        run.setConf(configuration);
        return run;
    }
}
