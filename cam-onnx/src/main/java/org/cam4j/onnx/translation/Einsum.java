package org.cam4j.onnx.translation;

import java.util.ArrayList;
import java.util.List;
import org.cam4j.onnx.folding.Axes;
import org.cam4j.onnx.graph.Constant;
import org.cam4j.onnx.translation.Tensor.Known;
import org.cam4j.onnx.translation.Tensor.Value;

/** Einstein's summation of two tensors, as a product of matrices. */
final class Einsum {

    private final Draft draft;
    private final String first;
    private final String second;
    private final String result;

    private Einsum(Draft draft, String equation) {
        this.draft = draft;
        String[] sides = equation.replace(" ", "").split("->", -1);
        String[] terms = sides[0].split(",", -1);
        if (sides.length != 2 || terms.length != 2 || !equation.matches("[A-Za-z ]+,[A-Za-z ]+->[A-Za-z ]*")) {
            throw new UntranslatedException(
                    "the equation '" + equation + "', where two terms and a result are expected");
        }
        this.first = terms[0];
        this.second = terms[1];
        this.result = sides[1];
    }

    static List<Tensor> translate(Draft draft, Call call) {
        Einsum einsum = new Einsum(draft, call.attributes().text("equation", ""));
        return List.of(einsum.of(call.tensor(0), call.tensor(1)));
    }

    private static String common(String some, String others, boolean isCommon) {
        StringBuilder letters = new StringBuilder();
        some.chars()
                .filter(letter -> others.indexOf(letter) >= 0 == isCommon)
                .forEach(letter -> letters.append((char) letter));
        return letters.toString();
    }

    private Tensor of(Tensor one, Tensor other) {
        String shared = common(first, second, true);
        String batch = common(shared, result, true);
        String summed = common(shared, result, false);
        String rows = common(first, shared, false);
        String columns = common(second, shared, false);
        boolean isProduct = common(rows + columns, result, false).isEmpty()
                && first.chars().distinct().count() == first.length()
                && second.chars().distinct().count() == second.length()
                && common(result, batch + rows + columns, false).isEmpty();
        if (!isProduct || one.dims().length != first.length() || other.dims().length != second.length()) {
            throw new UntranslatedException("the equation '" + first + "," + second + "->" + result + "'");
        }
        int[] batchSizes = sizes(batch, first, one);
        int[] rowSizes = sizes(rows, first, one);
        int[] columnSizes = sizes(columns, second, other);
        int[] summedSizes = sizes(summed, first, one);
        Tensor left = arranged(one, first, batch + rows + summed, batchSizes, product(rowSizes), product(summedSizes));
        Tensor right = arranged(
                other, second, batch + summed + columns, batchSizes, product(summedSizes), product(columnSizes));
        Value made = Call.requireValue(Matrices.product(draft, left, right));
        List<Integer> dims = new ArrayList<>();
        for (int[] sizes : List.of(batchSizes, rowSizes, columnSizes)) {
            for (int size : sizes) {
                dims.add(size);
            }
        }
        String letters = batch + rows + columns;
        Value apart = draft.arrangement()
                .reshaped(made, dims.stream().mapToInt(Integer::intValue).toArray());
        return draft.arrangement()
                .transposed(apart, result.chars().map(letters::indexOf).toArray());
    }

    private static int[] sizes(String letters, String term, Tensor tensor) {
        return letters.chars()
                .map(letter -> tensor.dims()[term.indexOf(letter)])
                .toArray();
    }

    private static int product(int[] sizes) {
        return Axes.product(sizes, 0, sizes.length);
    }

    /** Returns a tensor as matrices [batch, rows, columns], or as one matrix without a batch. */
    private Tensor arranged(Tensor tensor, String term, String order, int[] batch, int rows, int columns) {
        int[] axes = order.chars().map(term::indexOf).toArray();
        int[] dims = batch.length == 0 ? new int[] {rows, columns} : new int[] {product(batch), rows, columns};
        if (tensor instanceof Known known) {
            Constant turned = Axes.transposed(known.constant(), axes);
            return new Known(turned.reshaped(dims));
        }
        Value turned = draft.arrangement().transposed(Call.requireValue(tensor), axes);
        return draft.arrangement().reshaped(turned, dims);
    }
}
