package org.cam4j.prepared;

/** A prepared model's format is not the one that this version of cam4j reads; the message says what to do. */
final class OtherFormatException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    OtherFormatException(String message) {
        super(message);
    }
}
