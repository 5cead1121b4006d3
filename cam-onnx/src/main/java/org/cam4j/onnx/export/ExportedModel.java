package org.cam4j.onnx.export;

import org.cam4j.ClassActivationMapper;
import org.cam4j.onnx.schema.GraphProto;
import org.cam4j.onnx.schema.ModelProto;
import org.cam4j.onnx.schema.OperatorSetIdProto;

/** What stands around a graph in a file. */
public final class ExportedModel {

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private ExportedModel() {}

    /**
     * Returns a model of opset 17.
     *
     * @param graph its nodes are of that opset
     * @return the model, without metadata
     */
    public static ModelProto.Builder of(GraphProto graph) {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("cam4j")
                .setProducerVersion(ClassActivationMapper.version())
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(graph);
    }
}
