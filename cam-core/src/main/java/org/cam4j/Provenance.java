package org.cam4j;

import java.util.Optional;

/**
 * The origin of an explanation, for repeating it.
 *
 * @param model the model's file name, or words for a model without a file
 * @param modelSha256 the SHA-256 of the model's file, 64 hexadecimal digits; empty for a model without a file
 * @param engine the name of the engine that ran the model
 * @param preparation how photos were resized and preprocessed, in words
 * @param version cam4j's version
 */
public record Provenance(
        String model, Optional<String> modelSha256, String engine, String preparation, String version) {}
