package org.cam4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cam4j.dl4j.engine.Backend;
import org.cam4j.exception.ModelFileException;
import org.cam4j.file.Sha256;
import org.cam4j.keras.ImportedModel;
import org.cam4j.keras.KerasModels;
import org.cam4j.keras.KerasReader;
import org.cam4j.keras.MappedModel;

/** Keras models that are read for one mapper only. */
final class KerasSource {

    /** The name of a model without a file. */
    static final String UNNAMED = "Keras model";

    private KerasSource() {}

    static ModelSource of(Path model, KerasReader settings) {
        Objects.requireNonNull(settings, "settings");
        Backend.here().requireUsable();
        // In parallel with loading: a hash takes 0.5 s if Java's C2 compiler is off.
        CompletableFuture<String> hash = CompletableFuture.supplyAsync(() -> sha256(model));
        MappedModel read = settings.map(model);
        return GraphSource.ours(
                read,
                model.getFileName().toString(),
                Optional.of(finished(hash)),
                ModelSettings.beside(model).or(() -> ExportedSettings.of(model, read.imported())));
    }

    static ModelSource of(InputStream model) {
        Backend.here().requireUsable();
        return unnamed(KerasModels.load(model));
    }

    static ModelSource of(byte[] model) {
        Backend.here().requireUsable();
        return unnamed(KerasModels.load(model));
    }

    private static ModelSource unnamed(ImportedModel model) {
        return GraphSource.ours(new MappedModel(model, Map.of()), UNNAMED, Optional.empty(), ModelSettings.NONE);
    }

    private static String finished(CompletableFuture<String> hash) {
        try {
            return hash.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ModelFileException reason ? reason : e;
        }
    }

    private static String sha256(Path model) {
        try {
            // A model that was saved as a folder is identified by its weights' file.
            return Sha256.of(Files.isDirectory(model) ? model.resolve("model.weights.h5") : model);
        } catch (IOException e) {
            throw new ModelFileException("model '" + model + "' cannot be read a second time: " + e.getMessage(), e);
        }
    }
}
