package org.cam4j;

/**
 * What made an explanation, for whoever must repeat it.
 *
 * @param model the model's file name, or its graph in words
 * @param engine what ran it
 * @param preparation how photos were resized and preprocessed, in words
 * @param version cam4j's version
 */
public record Provenance(String model, String engine, String preparation, String version) {}
