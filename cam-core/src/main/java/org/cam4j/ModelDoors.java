package org.cam4j;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.cam4j.door.ModelDoor;
import org.cam4j.exception.BackendException;
import org.cam4j.exception.ModelFileException;

/** The doors for formats that other modules bring. */
final class ModelDoors {

    private ModelDoors() {}

    /**
     * Opens a file through the door of its format; empty if it is left to the Keras reader.
     *
     * @throws ModelFileException if the file needs a module that is not on the classpath
     */
    static Optional<ModelSource> open(Path model) {
        boolean isDoorless = true;
        try {
            for (ModelDoor door : ServiceLoader.load(ModelDoor.class, ModelDoor.class.getClassLoader())) {
                isDoorless = false;
                if (door.opens(model)) {
                    return Optional.of(new DoorSource(model, door.open(model)));
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new BackendException(
                    "a module for model files cannot be loaded: " + e.getMessage()
                            + ". Take all modules of cam4j in one version.",
                    e);
        }
        if (isDoorless && model.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new ModelFileException(
                    "'" + model + "' is an ONNX file, which the module cam-onnx reads: add"
                            + " org.cam4j:cam-onnx to the classpath. Where jars are merged into one, merge their service files too.");
        }
        return Optional.empty();
    }
}
