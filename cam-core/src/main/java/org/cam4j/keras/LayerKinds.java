package org.cam4j.keras;

import java.util.Map;
import java.util.Optional;

/** The layer classes that can be read, in one place. */
final class LayerKinds {

    static final String INPUT = "InputLayer";

    private static final LayerKind TRAINING_ONLY = new TrainingOnlyKind();

    private static final Map<String, LayerKind> KINDS = Map.ofEntries(
            Map.entry(INPUT, new InputKind()),
            // Convolution and dense
            Map.entry("Conv2D", ConvolutionKind.STANDARD),
            Map.entry("DepthwiseConv2D", ConvolutionKind.DEPTHWISE),
            Map.entry("SeparableConv2D", ConvolutionKind.SEPARABLE),
            Map.entry("Dense", new DenseKind()),
            Map.entry("BatchNormalization", new BatchNormalizationKind()),
            // Pooling
            Map.entry("MaxPooling2D", new PoolingKind()),
            Map.entry("AveragePooling2D", new PoolingKind()),
            Map.entry("GlobalAveragePooling2D", new GlobalPoolingKind()),
            Map.entry("GlobalMaxPooling2D", new GlobalPoolingKind()),
            // Rows and columns
            Map.entry("ZeroPadding2D", BorderKind.PADDING),
            Map.entry("Cropping2D", BorderKind.CROPPING),
            Map.entry("UpSampling2D", new UpSamplingKind()),
            Map.entry("Flatten", new FlattenKind()),
            Map.entry("Reshape", new ReshapeKind()),
            // Activation
            Map.entry("Activation", ActivationKind.NAMED),
            Map.entry("ReLU", ActivationKind.RELU),
            Map.entry("LeakyReLU", ActivationKind.LEAKY_RELU),
            Map.entry("ELU", ActivationKind.ELU),
            Map.entry("Softmax", ActivationKind.SOFTMAX),
            Map.entry("PReLU", new PReluKind()),
            // Several inputs
            Map.entry("Add", MergeKind.ELEMENTWISE),
            Map.entry("Subtract", MergeKind.SUBTRACT),
            Map.entry("Multiply", MergeKind.ELEMENTWISE),
            Map.entry("Average", MergeKind.ELEMENTWISE),
            Map.entry("Maximum", MergeKind.ELEMENTWISE),
            Map.entry("Concatenate", MergeKind.CONCATENATE),
            // Nothing at inference
            Map.entry("Dropout", TRAINING_ONLY),
            Map.entry("SpatialDropout2D", TRAINING_ONLY),
            Map.entry("AlphaDropout", TRAINING_ONLY),
            Map.entry("GaussianDropout", TRAINING_ONLY),
            Map.entry("GaussianNoise", TRAINING_ONLY),
            Map.entry("ActivityRegularization", TRAINING_ONLY),
            Map.entry("RandomFlip", TRAINING_ONLY),
            Map.entry("RandomRotation", TRAINING_ONLY),
            Map.entry("RandomTranslation", TRAINING_ONLY),
            Map.entry("RandomZoom", TRAINING_ONLY),
            Map.entry("RandomContrast", TRAINING_ONLY),
            Map.entry("RandomBrightness", TRAINING_ONLY));

    private LayerKinds() {}

    static Optional<LayerKind> of(LayerNode node) {
        return Optional.ofNullable(KINDS.get(node.className()));
    }
}
