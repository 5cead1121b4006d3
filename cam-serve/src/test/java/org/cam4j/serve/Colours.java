package org.cam4j.serve;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.ImageIO;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Window;

/**
 * A network that is right by its construction: a cell is red as far as its red exceeds the mean of its green and blue, and so on; a
 * class's score is ten times the mean over all cells.
 */
final class Colours {

    static final int SIZE = 32;
    static final int CELLS = 8;

    private static final float[] EXCESS = {1, -0.5f, -0.5f, -0.5f, 1, -0.5f, -0.5f, -0.5f, 1};

    private static final float[] SAME = {1, 0, 0, 0, 1, 0, 0, 0, 1};

    private Colours() {}

    static MapperBuilder builder() {
        int step = SIZE / CELLS;
        PlanBuilder plan = new PlanBuilder(new Shape(SIZE, SIZE, 3));
        int value = plan.add("pixels", Convolution.pointwise(SAME, new float[3], Activation.RELU), InferencePlan.INPUT);
        value = plan.add(
                "cells",
                new Pooling(Pooling.Kind.AVERAGE, new Window(step, step, step, step, 1, 1, new Padding(0, 0, 0, 0))),
                value);
        value = plan.add("excess", Convolution.pointwise(EXCESS, new float[3], Activation.RELU), value);
        value = plan.add("mean", new GlobalPooling(Pooling.Kind.AVERAGE), value);
        value = plan.add(
                "scores",
                Dense.of(new float[] {10, 0, 0, 0, 10, 0, 0, 0, 10}, new float[3], Activation.IDENTITY),
                value);
        return ClassActivationMapper.ofPlan(plan.build(Map.of("scores", value)))
                .preprocessing(Preprocessing.UNIT)
                .labels(Labels.of("red", "green", "blue <b>"))
                .engine("java");
    }

    /** A grey photo, PNG, with a rectangle of one colour. */
    static byte[] photo(int width, int height, Color colour, Rectangle where) {
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = photo.createGraphics();
        pen.setColor(Color.GRAY);
        pen.fillRect(0, 0, width, height);
        pen.setColor(colour);
        pen.fill(where);
        pen.dispose();
        return png(photo);
    }

    /** The photo's file. */
    static byte[] png(BufferedImage photo) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(photo, "png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
