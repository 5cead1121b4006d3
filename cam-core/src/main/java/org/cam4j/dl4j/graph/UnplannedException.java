package org.cam4j.dl4j.graph;

/** A layer that no plan can express; leaves the planner as a {@link PlannedGraph} with an objection. */
final class UnplannedException extends Exception {

    UnplannedException(String message) {
        super(message);
    }
}
