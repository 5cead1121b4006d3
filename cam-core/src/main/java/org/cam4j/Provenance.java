package org.cam4j;

import java.util.Optional;

/**
 * What made an explanation, for those who repeat it.
 *
 * @param model the model's file name, or its graph in words
 * @param modelSha256 the SHA-256 of the model's file, 64 hexadecimal digits; empty for a graph that came from no file
 * @param engine what ran it
 * @param preparation how photos were resized and preprocessed, in words
 * @param version cam4j's version
 */
public record Provenance(
        String model, Optional<String> modelSha256, String engine, String preparation, String version) {}
