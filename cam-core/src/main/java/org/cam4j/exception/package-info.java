/**
 * The refusals: the exceptions that cam4j throws because of a file, a model or a photo, all with one superclass.
 *
 * <p>A message says what was found, what was expected and what to do. As usual in Java, arguments out of range throw
 * {@link IllegalArgumentException} and calls after {@code close()} throw {@link IllegalStateException}.
 */
package org.cam4j.exception;
