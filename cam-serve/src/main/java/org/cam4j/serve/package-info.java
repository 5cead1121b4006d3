/**
 * Explains photos over HTTP, for programs and on a web page.
 *
 * <p>In come mappers and settings, out goes a running {@link org.cam4j.serve.CamServer}. Nothing is written to files and nothing is
 * fetched from elsewhere.
 */
package org.cam4j.serve;
