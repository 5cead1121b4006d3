/**
 * Writes explanations as JSON, in the form that the command line and services share.
 *
 * <p>In come an explanation and what to map of it, out go the fields of one JSON object.
 */
package org.cam4j.render.json;
