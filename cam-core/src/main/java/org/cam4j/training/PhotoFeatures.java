package org.cam4j.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.cam4j.ClassActivationMapper;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.TrainingDataException;
import org.cam4j.file.Npy;
import org.cam4j.file.Sha256;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.PhotoReader;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The outputs of the untrained part of a network for photos, computed once by the fast engine: kept in files named after the hash of
 * everything that they depend on.
 */
final class PhotoFeatures implements AutoCloseable {

    /** The outputs that the trained part reads. */
    enum Kind {
        /** The average of each feature map, [k]. */
        POOLED,
        /** Feature maps, [h, w, k] or [k, h, w]. */
        MAPS,
        /** The preprocessed photo itself: nothing is left untrained. */
        IMAGES
    }

    private final Kind kind;
    private final CNN2DFormat format;
    private final ImagePreparation preparation;
    private final Optional<Path> cache;
    private final PhotoReader reader = PhotoReader.standard();

    /** Empty for images. */
    private final Optional<ClassActivationMapper> base;

    private final String identity;
    private volatile List<Integer> shape = List.of();

    /**
     * Starts the engine.
     *
     * @param base ends in a GAP head on the features; empty for images
     * @param format the layout of maps and images as the trained part takes them
     */
    PhotoFeatures(
            Kind kind,
            Optional<ComputationGraph> base,
            CNN2DFormat format,
            ImagePreparation preparation,
            Optional<Path> cache) {
        this.kind = kind;
        this.format = format;
        this.preparation = preparation;
        this.cache = cache;
        this.identity = kind + "|" + format + "|" + preparation + "|" + preparation.preprocessing() + "|"
                + base.map(PhotoFeatures::identity).orElse("");
        this.base = base.map(graph -> ClassActivationMapper.of(graph)
                .inputSize(preparation.height(), preparation.width())
                .build());
    }

    /** The head is no part of it: another head does not change the features. */
    private static String identity(ComputationGraph base) {
        String head = base.getConfiguration().getNetworkOutputs().get(0);
        StringBuilder text = new StringBuilder();
        for (org.deeplearning4j.nn.api.Layer layer : base.getLayers()) {
            String name = layer.conf().getLayer().getLayerName();
            if (!name.equals(head)) {
                text.append(name).append(' ').append(layer.conf().getLayer()).append(' ');
                layer.paramTable().forEach((key, values) -> text.append(key)
                        .append(Sha256.of(Examples.bytes(values.dup('c').data().asFloat()))));
            }
        }
        return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The shape of one view; known once a photo was read. */
    List<Integer> shape() {
        return shape;
    }

    /**
     * The views of a photo. Safe for any number of threads.
     *
     * @throws PhotoException if it cannot be read
     */
    List<float[]> of(Path photo, Augmentation augmentation) {
        String hash = hash(photo);
        Optional<Path> file = cache.map(folder -> folder.resolve(
                Sha256.of((identity + "|" + augmentation + "|" + hash).getBytes(StandardCharsets.UTF_8)) + ".npy"));
        if (file.isPresent() && Files.exists(file.get())) {
            return cached(file.get(), augmentation.views());
        }
        // The file's own hash chooses the crops: they do not change when other photos come or go.
        List<float[]> views = computed(photo, augmentation, Long.parseUnsignedLong(hash.substring(0, 16), 16));
        file.ifPresent(target -> {
            float[] all = new float[views.size() * views.get(0).length];
            for (int i = 0; i < views.size(); i++) {
                System.arraycopy(views.get(i), 0, all, i * views.get(0).length, views.get(0).length);
            }
            Npy.write(target, all, sizes(views.size()));
        });
        return views;
    }

    private List<float[]> cached(Path file, int count) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (shape.isEmpty()) {
                shape = probedShape();
            }
            float[] all = Npy.decode(bytes, sizes(count));
            int size = all.length / count;
            List<float[]> views = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                views.add(Arrays.copyOfRange(all, i * size, (i + 1) * size));
            }
            return views;
        } catch (IOException | IllegalArgumentException e) {
            throw new TrainingDataException(
                    "the cached features '" + file + "' cannot be read: " + IoReason.of(e) + ". Delete the file.", e);
        }
    }

    private List<Integer> probedShape() {
        float[] black = new float[preparation.height() * preparation.width() * preparation.channels()];
        features(black, 1);
        return shape;
    }

    private int[] sizes(int views) {
        int[] sizes = new int[shape.size() + 1];
        sizes[0] = views;
        for (int i = 0; i < shape.size(); i++) {
            sizes[i + 1] = shape.get(i);
        }
        return sizes;
    }

    private List<float[]> computed(Path photo, Augmentation augmentation, long seed) {
        List<BufferedImage> views = augmentation.of(reader.read(photo), seed);
        int size = preparation.height() * preparation.width() * preparation.channels();
        float[] images = new float[Math.multiplyExact(views.size(), size)];
        for (int i = 0; i < views.size(); i++) {
            System.arraycopy(preparation.prepare(views.get(i)).values(), 0, images, i * size, size);
        }
        INDArray features = features(images, views.size());
        List<float[]> result = new ArrayList<>();
        float[] all = features.dup('c').data().asFloat();
        int each = all.length / views.size();
        for (int i = 0; i < views.size(); i++) {
            result.add(Arrays.copyOfRange(all, i * each, (i + 1) * each));
        }
        return result;
    }

    private INDArray features(float[] images, int count) {
        INDArray batch = Nd4j.createFromArray(images)
                .reshape('c', count, preparation.height(), preparation.width(), preparation.channels());
        INDArray features =
                switch (kind) {
                    case IMAGES -> ordered(batch);
                    case MAPS -> ordered(activations(batch));
                    case POOLED -> activations(batch).mean(1, 2);
                };
        List<Integer> found = new ArrayList<>();
        for (int axis = 1; axis < features.rank(); axis++) {
            found.add(Math.toIntExact(features.size(axis)));
        }
        shape = List.copyOf(found);
        return features;
    }

    private INDArray activations(INDArray images) {
        return base.orElseThrow().convActivations(images);
    }

    private INDArray ordered(INDArray channelsLast) {
        return format == CNN2DFormat.NHWC ? channelsLast : channelsLast.permute(0, 3, 1, 2);
    }

    private static String hash(Path photo) {
        try {
            return Sha256.of(photo);
        } catch (IOException e) {
            throw new PhotoException("photo '" + photo + "' cannot be read: " + IoReason.of(e), e);
        }
    }

    @Override
    public void close() {
        base.ifPresent(ClassActivationMapper::close);
    }
}
