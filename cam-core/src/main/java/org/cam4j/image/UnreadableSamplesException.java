package org.cam4j.image;

/** Samples that are no levels of grey or colour; the message is the end of a sentence that begins with the picture's name. */
final class UnreadableSamplesException extends RuntimeException {

    UnreadableSamplesException(String message) {
        super(message);
    }
}
