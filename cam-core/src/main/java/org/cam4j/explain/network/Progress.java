package org.cam4j.explain.network;

/** Hears how far methods of many forward passes are. */
@FunctionalInterface
public interface Progress {

    /** Says nothing. */
    Progress NONE = (done, all) -> {};

    /**
     * Called after each batch, by the explaining thread.
     *
     * @param done images or activations that were run
     * @param all how many there are to run
     */
    void ran(int done, int all);
}
