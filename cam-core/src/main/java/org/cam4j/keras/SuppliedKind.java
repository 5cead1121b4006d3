package org.cam4j.keras;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.cam4j.exception.UnsupportedModelException;
import org.cam4j.keras.config.LayerConfig;
import org.cam4j.keras.config.Supplied;
import org.cam4j.keras.hdf5.TensorShape;
import org.cam4j.keras.hdf5.WeightTensor;
import org.cam4j.keras.kind.LayerKind;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adapts a {@link CustomLayer} of the application to a layer kind. */
final class SuppliedKind implements LayerKind, Supplied {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> SETTINGS = new TypeReference<>() {};

    private final CustomLayer layer;

    SuppliedKind(CustomLayer layer) {
        this.layer = layer;
    }

    @Override
    public boolean accepts(int inputs) {
        return inputs >= 1;
    }

    @Override
    public TensorShape output(LayerConfig config, List<TensorShape> inputs) {
        return shape(asked(config, () -> layer.output(settings(config), longs(inputs))));
    }

    @Override
    public Map<String, TensorShape> weights(LayerConfig config, List<TensorShape> inputs) {
        Map<String, TensorShape> weights = new LinkedHashMap<>();
        asked(config, () -> layer.weights(settings(config), longs(inputs)))
                .forEach((name, sizes) -> weights.put(name, shape(sizes)));
        return weights;
    }

    @Override
    public Map<String, WeightTensor> parameters(Map<String, WeightTensor> weights) {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> arrays.put(name, array(tensor)));
        Map<String, WeightTensor> parameters = new LinkedHashMap<>();
        layer.parameters(arrays).forEach((name, array) -> parameters.put(name, tensor(array)));
        return parameters;
    }

    @Override
    public GraphVertex vertex(LayerConfig config, List<TensorShape> inputs) {
        return asked(config, () -> layer.vertex(settings(config), longs(inputs)));
    }

    private static <T> T asked(LayerConfig config, Supplier<T> question) {
        try {
            T answer = question.get();
            if (answer == null) {
                throw new UnsupportedModelException("the custom layer supplied for " + config + " gave null");
            }
            return answer;
        } catch (UnsupportedModelException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new UnsupportedModelException("the custom layer supplied for " + config + " failed: " + e, e);
        }
    }

    private static Map<String, Object> settings(LayerConfig config) {
        return JSON.convertValue(config.json(), SETTINGS);
    }

    private static List<long[]> longs(List<TensorShape> shapes) {
        return shapes.stream().map(SuppliedKind::longs).toList();
    }

    private static long[] longs(TensorShape shape) {
        return shape.sizes().stream().mapToLong(Integer::longValue).toArray();
    }

    private static TensorShape shape(long... sizes) {
        return TensorShape.of(LongStream.of(sizes).mapToInt(Math::toIntExact).toArray());
    }

    private static INDArray array(WeightTensor tensor) {
        return Nd4j.create(tensor.values(), longs(tensor.shape()), 'c');
    }

    private static WeightTensor tensor(INDArray array) {
        float[] values = array.dup('c').data().asFloat();
        int[] sizes = IntStream.range(0, array.rank())
                .map(axis -> Math.toIntExact(array.size(axis)))
                .toArray();
        return new WeightTensor(TensorShape.of(sizes), values);
    }
}
