package org.cam4j.examples.cli;

/** An argument that a command refuses when it runs; printed as what picocli refuses, with where help is. */
final class WrongArgumentException extends RuntimeException {

    private static final long serialVersionUID = 1;

    WrongArgumentException(String message) {
        super(message);
    }

    WrongArgumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
