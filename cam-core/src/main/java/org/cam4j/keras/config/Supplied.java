package org.cam4j.keras.config;

/** What an application says about a layer of its own. A configuration carries it from the reader to where layers are built. */
public interface Supplied {}
