/**
 * The refusals: everything that cam4j throws on account of a file, a model or a photo, below one common ancestor.
 *
 * <p>Every room throws these and none catches them on the way; a message says what was found, what was expected and what
 * to do. Arguments out of range are {@link IllegalArgumentException}s and calls after {@code close()} are
 * {@link IllegalStateException}s, as everywhere in Java.
 */
package org.cam4j.exception;
