package org.cam4j.dl4j.graph;

import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Shape;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Converts DL4J's slopes, which are 1 along shared axes, into a plan's: one for each channel or for each number. */
final class ParametricRelus {

    private ParametricRelus() {}

    static ParametricRelu planned(INDArray slopes, Shape input, CNN2DFormat format) throws UnplannedException {
        if (slopes.rank() != 3) {
            if (slopes.length() != input.channels() || !input.isVector()) {
                throw new UnplannedException("slopes of " + slopes.rank() + " axes are not known to the plan");
            }
            return new ParametricRelu(LayerPlanner.floats(slopes));
        }
        INDArray own = format == CNN2DFormat.NCHW ? slopes.permute(1, 2, 0) : slopes;
        boolean perChannel = own.size(0) == 1 && own.size(1) == 1 && own.size(2) == input.channels();
        INDArray all = perChannel
                ? own
                : own.broadcast(
                        Nd4j.createUninitialized(own.dataType(), input.height(), input.width(), input.channels()));
        return new ParametricRelu(LayerPlanner.floats(all));
    }
}
