package org.cam4j.examples.cli;

import java.nio.file.Path;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.image.Fit;
import org.cam4j.image.Interpolation;
import org.cam4j.image.Preprocessing;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How photos are prepared for a model and what its classes are called, where the JSON beside the model does not say. */
final class ModelOptions {

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            description = "The classes' names, one a line in the order of the model's outputs.")
    private Path labels;

    @Option(
            names = "--preprocessing",
            paramLabel = "NAME",
            converter = PreprocessingConverter.class,
            description = "What the network was trained with: caffe, tf, torch, unit, none or SCALE,OFFSET[,bgr|grey].")
    private Preprocessing preprocessing;

    @Option(names = "--resize", paramLabel = "METHOD", description = "${COMPLETION-CANDIDATES}; default BILINEAR.")
    private Interpolation resize;

    @Option(
            names = "--fit",
            paramLabel = "METHOD",
            description = "How a photo's proportions become the input's: ${COMPLETION-CANDIDATES}; default SQUASH.")
    private Fit fit;

    @Option(
            names = "--max-pixels",
            paramLabel = "N",
            description = "The largest photo that is decoded; default 100000000.")
    private Long maxPixels;

    /** A mapper of a Keras file or a prepared model with these settings. */
    ClassActivationMapper mapper(Path model) {
        return set(ClassActivationMapper.from(model)).build();
    }

    /** Puts these settings before what the builder knows. */
    MapperBuilder set(MapperBuilder builder) {
        if (labels != null) {
            builder.labels(Labels.read(labels));
        }
        if (preprocessing != null) {
            builder.preprocessing(preprocessing);
        }
        if (resize != null) {
            builder.resize(resize);
        }
        if (fit != null) {
            builder.fit(fit);
        }
        if (maxPixels != null) {
            builder.maxPixels(maxPixels);
        }
        return builder;
    }

    /** Gives picocli the message of {@link Preprocessing#parse}. */
    static final class PreprocessingConverter implements picocli.CommandLine.ITypeConverter<Preprocessing> {
        @Override
        public Preprocessing convert(String value) {
            try {
                return Preprocessing.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
