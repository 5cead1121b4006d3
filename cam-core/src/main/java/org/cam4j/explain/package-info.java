/**
 * Methods that show which part of an image made a network choose a class. Each is a class with its formula and its source; all see the
 * network through {@link org.cam4j.explain.ExplainedImage}.
 */
package org.cam4j.explain;
