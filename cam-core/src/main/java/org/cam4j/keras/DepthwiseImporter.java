package org.cam4j.keras;

import java.util.Map;
import org.deeplearning4j.nn.modelimport.keras.KerasLayer;
import org.deeplearning4j.nn.modelimport.keras.exceptions.InvalidKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.exceptions.UnsupportedKerasConfigurationException;
import org.deeplearning4j.nn.modelimport.keras.layers.convolutional.KerasDepthwiseConvolution2D;

/**
 * {@code DepthwiseConv2D} for DL4J's Keras importer, not for applications: public because the importer makes it by reflection.
 *
 * <p>DL4J's own looks for the number of channels in the layers before, where it fails right behind the input and is wrong
 * behind a concatenation; this one reads it from the configuration.
 */
public final class DepthwiseImporter extends KerasDepthwiseConvolution2D {

    static final String CLASS_NAME = "Cam4jDepthwiseConv2D";
    static final String CHANNELS = "cam4j_channels";

    /**
     * Called by the importer.
     *
     * @param layerConfig the layer as {@code GraphAssembly} wrote it
     * @throws InvalidKerasConfigurationException never, as the configuration was checked
     * @throws UnsupportedKerasConfigurationException never, as the configuration was checked
     */
    public DepthwiseImporter(Map<String, Object> layerConfig)
            throws InvalidKerasConfigurationException, UnsupportedKerasConfigurationException {
        super(layerConfig, Map.of(), false);
    }

    @Override
    protected long getNInFromConfig(Map<String, ? extends KerasLayer> previousLayers) {
        return ((Number) ((Map<?, ?>) getOriginalLayerConfig().get("config")).get(CHANNELS)).longValue();
    }
}
