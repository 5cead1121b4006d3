package org.cam4j.dl4j.graph;

/** Thrown for a layer that a plan cannot express; the planner returns it as the objection of a {@link PlannedGraph}. */
final class UnplannedException extends Exception {

    UnplannedException(String message) {
        super(message);
    }
}
