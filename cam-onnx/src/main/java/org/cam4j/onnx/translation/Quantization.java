package org.cam4j.onnx.translation;

import java.util.List;
import java.util.Map;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.graph.ElementType;
import org.cam4j.onnx.translation.Tensor.Value;
import org.cam4j.plan.operation.Activation;

/**
 * Pairs of QuantizeLinear and DequantizeLinear on what is computed from the image: numbers are not rounded, but cut to the range of the
 * integers, as quantizers leave out a ReLU where the range begins at 0.
 */
final class Quantization {

    private Quantization() {}

    static void addTo(Map<String, Operator> known) {
        known.put("QuantizeLinear", Quantization::quantize);
        known.put("DequantizeLinear", Quantization::dequantize);
        known.put("DynamicQuantizeLinear", Quantization::quantizeByImage);
    }

    private static double single(Constant constant) {
        if (!constant.isUniform()) {
            throw new UntranslatedException("a scale for each channel of what is computed from the image");
        }
        return constant.at(0);
    }

    private static List<Tensor> quantize(Draft draft, Call call) {
        Value value = call.value(0);
        double scale = single(call.constant(1));
        double zero = call.optionalConstant(2).map(Quantization::single).orElse(0.0);
        ElementType type = call.optionalConstant(2).map(Constant::type).orElse(ElementType.UINT8);
        double least;
        double most;
        switch (type) {
            case UINT8 -> {
                least = 0;
                most = 255;
            }
            case INT8 -> {
                least = -128;
                most = 127;
            }
            case UINT16 -> {
                least = 0;
                most = 65535;
            }
            case INT16 -> {
                least = -32768;
                most = 32767;
            }
            default -> throw new UntranslatedException("integers of the type " + type);
        }
        Activation range = new Activation(
                Activation.Function.CLIP, (float) ((least - zero) * scale), (float) ((most - zero) * scale));
        return List.of(new Tensor.Quantized(draft.steps().activated(value, range), scale, zero));
    }

    /** The range is that of the image's own numbers, so that nothing is cut, and the scale, which is multiplied back later, may be 1. */
    private static List<Tensor> quantizeByImage(Draft draft, Call call) {
        return List.of(
                new Tensor.Quantized(call.value(0), 1, 0),
                new Tensor.Known(Constant.computed(ElementType.FLOAT, new int[0], i -> 1)),
                new Tensor.Known(Constant.computed(ElementType.UINT8, new int[0], i -> 0)));
    }

    private static List<Tensor> dequantize(Draft draft, Call call) {
        if (!(call.tensor(0) instanceof Tensor.Quantized quantized)) {
            throw new UntranslatedException("integers that no QuantizeLinear makes");
        }
        double scale = single(call.constant(1));
        double zero = call.optionalConstant(2).map(Quantization::single).orElse(0.0);
        double factor = scale / quantized.scale();
        return List.of(draft.scaling().uniform(quantized.value(), factor, (quantized.zero() - zero) * scale));
    }
}
