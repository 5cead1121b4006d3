package org.cam4j.keras.config;

/** An application's description of a custom layer. A configuration carries it from the reader to the builder of layers. */
public interface Supplied {}
