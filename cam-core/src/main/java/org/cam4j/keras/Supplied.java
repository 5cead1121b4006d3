package org.cam4j.keras;

/** What an application says about a layer of its own. A configuration carries it from the reader to where layers are built. */
interface Supplied {}
