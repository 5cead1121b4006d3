package org.cam4j.keras.kind;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cam4j.keras.config.InnerLayers;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.LayerNode;

/** The table of supported layer classes. */
public final class LayerKinds {

    private static final LayerKind TRAINING_ONLY = new TrainingOnlyKind();

    /** Names that Keras 3 gives both an operation and a layer. */
    private static final Set<String> ALSO_OPERATIONS = Set.of(
            "Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Reshape", "Softmax", "Subtract");

    private static final Map<String, LayerKind> KINDS = new HashMap<>();

    static {
        KINDS.put(LayerConfig.INPUT, new InputKind());

        // Convolution and dense
        KINDS.put("Conv2D", ConvolutionKind.STANDARD);
        KINDS.put("Conv2DTranspose", new TransposedConvolutionKind());
        KINDS.put("DepthwiseConv2D", ConvolutionKind.DEPTHWISE);
        KINDS.put("SeparableConv2D", ConvolutionKind.SEPARABLE);
        KINDS.put("Dense", new DenseKind());

        // Normalization
        KINDS.put("BatchNormalization", new BatchNormalizationKind());
        KINDS.put("LayerNormalization", new LayerNormalizationKind());
        KINDS.put("GroupNormalization", new GroupNormalizationKind());
        KINDS.put("UnitNormalization", new UnitNormalizationKind());
        KINDS.put("LayerScale", new LayerScaleKind());
        KINDS.put("Normalization", new NormalizationKind());
        KINDS.put("Rescaling", new RescalingKind());

        // Pooling
        KINDS.put("MaxPooling2D", PoolingKind.MAXIMUM);
        KINDS.put("AveragePooling2D", PoolingKind.AVERAGE);
        KINDS.put("GlobalAveragePooling2D", GlobalPoolingKind.AVERAGE);
        KINDS.put("GlobalMaxPooling2D", GlobalPoolingKind.MAXIMUM);

        // Rows, columns and channels
        KINDS.put("ZeroPadding2D", PaddingKind.PADDING);
        KINDS.put("Cropping2D", PaddingKind.CROPPING);
        KINDS.put("CenterCrop", new CenterCropKind());
        KINDS.put("RandomCrop", new RandomCropKind());
        KINDS.put("UpSampling2D", new UpSamplingKind());
        KINDS.put("Resizing", new ResizingKind());
        KINDS.put("Flatten", new FlattenKind());
        KINDS.put("Reshape", new ReshapeKind());
        KINDS.put("Permute", new PermuteKind());
        KINDS.put(ChannelOrderKind.CLASS_NAME, new ChannelOrderKind());
        KINDS.put(ChannelSliceKind.CLASS_NAME, new ChannelSliceKind());
        KINDS.put(ReductionKind.CLASS_NAME, new ReductionKind());

        // Activation
        KINDS.put("Activation", ActivationKind.NAMED);
        KINDS.put("ReLU", ActivationKind.RELU);
        KINDS.put("LeakyReLU", ActivationKind.LEAKY_RELU);
        KINDS.put("ELU", ActivationKind.ELU);
        KINDS.put("Softmax", ActivationKind.SOFTMAX);
        KINDS.put("PReLU", new PReluKind());
        KINDS.put(ClipKind.CLASS_NAME, new ClipKind());

        // Several inputs
        KINDS.put("Add", MergeKind.ADD);
        KINDS.put("Subtract", MergeKind.SUBTRACT);
        KINDS.put("Multiply", MergeKind.MULTIPLY);
        KINDS.put(QuotientKind.CLASS_NAME, new QuotientKind());
        KINDS.put("Average", MergeKind.AVERAGE);
        KINDS.put("Maximum", MergeKind.MAXIMUM);
        KINDS.put("Minimum", MergeKind.MINIMUM);
        KINDS.put("Concatenate", new ConcatenateKind());
        KINDS.put("CustomScaleLayer", new ScaledSumKind());
        KINDS.put("Custom>CustomScaleLayer", new ScaledSumKind());

        // Nothing at inference
        for (String name : new String[] {
            "Identity",
            "Dropout",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "AlphaDropout",
            "GaussianDropout",
            "GaussianNoise",
            "StochasticDepth",
            "ActivityRegularization",
            // Of the packages efficientnet and segmentation_models, and of AutoKeras
            "FixedDropout",
            "Custom>FixedDropout",
            "efficientnet.model>FixedDropout",
            "CastToFloat32",
            "Custom>CastToFloat32",
            "autokeras>CastToFloat32",
            // Augmentation; of Keras' other layers for images, AutoContrast and the histogram equalization act at
            // inference too.
            "AugMix",
            "CutMix",
            "Equalization",
            "MaxNumBoundingBoxes",
            "MixUp",
            "RandAugment",
            "RandomBrightness",
            "RandomColorDegeneration",
            "RandomColorJitter",
            "RandomContrast",
            "RandomElasticTransform",
            "RandomErasing",
            "RandomFlip",
            "RandomGaussianBlur",
            "RandomGrayscale",
            "RandomHeight",
            "RandomHue",
            "RandomInvert",
            "RandomPerspective",
            "RandomPosterization",
            "RandomRotation",
            "RandomSaturation",
            "RandomSharpness",
            "RandomShear",
            "RandomTranslation",
            "RandomWidth",
            "RandomZoom",
            "Solarization"
        }) {
            KINDS.put(name, TRAINING_ONLY);
        }
    }

    private LayerKinds() {}

    /**
     * Whether a class is a layer even if the file has none of the settings that layers have: Keras 3 leaves the settings out for some
     * layers, and custom layers may do so too.
     */
    public static boolean isLayerWithoutSettings(String className) {
        return className.contains(">")
                || InnerLayers.areIn(className)
                || (KINDS.containsKey(className) && !ALSO_OPERATIONS.contains(className));
    }

    public static Optional<LayerKind> of(LayerNode node) {
        if (node.config().has(LayerConfig.REASON)) {
            return Optional.empty();
        }
        return node.config()
                .supplied()
                .map(LayerKind.class::cast)
                .or(() -> Optional.ofNullable(KINDS.get(node.className())));
    }
}
