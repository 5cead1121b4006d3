package org.cam4j.examples.cli;

import java.nio.file.Path;
import org.cam4j.ClassActivationMapper;
import org.cam4j.training.GapNetwork;
import picocli.CommandLine.Option;

/** The model that a command needs, with {@link ModelOptions}. */
final class RequiredModel extends ModelOptions {

    /** What {@code --model} takes. */
    static final String KINDS = "A Keras file, a Teachable Machine export, an ONNX file or a prepared model";

    @Option(names = "--model", required = true, paramLabel = "FILE", description = KINDS + ".")
    Path model;

    Path file() {
        return model;
    }

    ClassActivationMapper mapper() {
        return mapper(model);
    }

    GapNetwork network() {
        return network(model);
    }
}
