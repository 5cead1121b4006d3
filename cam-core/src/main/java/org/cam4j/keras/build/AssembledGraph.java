package org.cam4j.keras.build;

import java.util.Map;
import org.cam4j.keras.hdf5.WeightTensor;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A graph, and those of its parameters that can be read from a mapped file too.
 *
 * @param graph initialised, with all parameters
 * @param inFile by node and DL4J's name, in DL4J's shape up to axes of one entry
 */
public record AssembledGraph(ComputationGraph graph, Map<String, Map<String, WeightTensor>> inFile) {}
