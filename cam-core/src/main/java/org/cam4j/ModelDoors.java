package org.cam4j;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
     * @throws ModelFileException if the file is missing, or needs a module that is not on the classpath
     */
    static Optional<ModelSource> open(Path model) {
        // Without content it is of no format.
        if (!Files.exists(model)) {
            throw new ModelFileException("there is no model '" + model + "': check the path.");
        }
        List<ModelDoor> doors = all();
        for (ModelDoor door : doors) {
            if (door.opens(model)) {
                return Optional.of(DoorSource.of(model, door.open(model)));
            }
        }
        if (doors.isEmpty() && model.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")) {
            throw new ModelFileException(
                    "'" + model + "' is an ONNX file, which the module cam-onnx reads: add"
                            + " org.cam4j:cam-onnx to the classpath. Where jars are merged into one, merge their service files too.");
        }
        return Optional.empty();
    }

    /** Opens a model in memory through the door of its format; empty if it is left to the Keras reader. */
    static Optional<ModelSource> open(byte[] model) {
        for (ModelDoor door : all()) {
            if (door.opens(model)) {
                return Optional.of(DoorSource.of(model, door.open(model)));
            }
        }
        return Optional.empty();
    }

    private static List<ModelDoor> all() {
        try {
            List<ModelDoor> doors = new ArrayList<>();
            ServiceLoader.load(ModelDoor.class, ModelDoor.class.getClassLoader())
                    .forEach(doors::add);
            return doors;
        } catch (ServiceConfigurationError e) {
            throw new BackendException(
                    "a module for model files cannot be loaded: " + e.getMessage()
                            + ". Take all modules of cam4j in one version.",
                    e);
        }
    }
}
