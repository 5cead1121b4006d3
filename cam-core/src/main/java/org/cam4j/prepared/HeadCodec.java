package org.cam4j.prepared;

import org.cam4j.classifier.LinearHead;

/** A linear head's fields: weights [channels][classes], then bias [classes]. */
final class HeadCodec {

    private HeadCodec() {}

    static void write(LinearHead head, FieldWriter to) {
        to.reals(head.weights()).reals(head.bias());
    }

    static LinearHead read(FieldReader from) {
        return new LinearHead(from.reals(), from.reals());
    }
}
