package org.cam4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cam4j.engine.Batch;
import org.cam4j.engine.FiniteNumbers;
import org.cam4j.engine.PixelBatch;
import org.cam4j.engine.Values;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;
import org.cam4j.explain.ExplanationMethod;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.Geometry;
import org.cam4j.image.ImageInput;
import org.cam4j.image.ImagePreparation;
import org.cam4j.image.MapPlacement;
import org.cam4j.image.PhotoReader;
import org.cam4j.image.Preprocessing;
import org.cam4j.plan.operation.Shape;

/** Explains photos with a running network: decodes, prepares, runs, and records the provenance. */
final class NetworkExplainer implements PhotoExplainer {

    private static final String AS_GIVEN = "tensor, as it was given";

    /** So many prepared images run as one batch at most: four for each core, as engines like them, but no more than memory is sure to have. */
    private static final int TOGETHER = Math.min(64, 4 * Runtime.getRuntime().availableProcessors());

    private final Lifetime lifetime;
    private final Network network;
    private final ScoreFunction scoreFunction;
    private final Optional<String> modelSha256;
    private final Optional<ImagePreparation> preparation;
    private final PhotoReader reader;
    private final Labels labels;
    private final ExplanationMethod method;

    NetworkExplainer(
            Lifetime lifetime,
            Network network,
            ScoreFunction scoreFunction,
            Optional<String> modelSha256,
            Optional<ImagePreparation> preparation,
            PhotoReader reader,
            Labels labels,
            ExplanationMethod method) {
        this.lifetime = lifetime;
        this.network = network;
        this.scoreFunction = scoreFunction;
        this.modelSha256 = modelSha256;
        this.preparation = preparation;
        this.reader = reader;
        this.labels = labels;
        this.method = method;
    }

    /** The reader of files, bytes and streams. */
    PhotoReader reader() {
        return reader;
    }

    @Override
    public Explanation explain(Path photo) {
        return run(reader.decode(photo), name(photo), usual());
    }

    @Override
    public Explanation explain(InputStream photo, String name) {
        return run(reader.decode(photo, name), name, usual());
    }

    @Override
    public Explanation explain(byte[] photo, String name) {
        return run(reader.decode(photo, name), name, usual());
    }

    @Override
    public Explanation explain(BufferedImage photo, String name) {
        return explain(DecodedPhoto.of(photo), name);
    }

    @Override
    public Explanation explain(DecodedPhoto photo, String name) {
        return run(photo, name, usual());
    }

    @Override
    public Explanation explain(BufferedImage photo, String name, int height, int width) {
        ImagePreparation usual = usual();
        if (!network.sizeIsOpen() && (height != usual.height() || width != usual.width())) {
            throw new IllegalArgumentException("'" + network.summary().model() + "' takes images of " + usual.height()
                    + "x" + usual.width() + ", not " + height + "x" + width
                    + ": only a Keras model whose rows and columns are None leaves them open.");
        }
        return run(DecodedPhoto.of(photo), name, usual.sized(height, width));
    }

    @Override
    public Explanation explain(InputTensor images, int image) {
        // Checked before any image is read.
        requireFit(images);
        return run(List.of(prepared(images, image)), AS_GIVEN).get(0);
    }

    @Override
    public List<Explanation> explain(InputTensor images) {
        requireFit(images);
        List<Explanation> explanations = new ArrayList<>();
        for (int first = 0; first < images.count(); first += TOGETHER) {
            explanations.addAll(run(
                    IntStream.range(first, Math.min(first + TOGETHER, images.count()))
                            .mapToObj(image -> prepared(images, image))
                            .toList(),
                    AS_GIVEN));
        }
        return List.copyOf(explanations);
    }

    private NamedInput prepared(InputTensor images, int image) {
        ImageInput input = images.input(image);
        requireFinite(images.name(image), input, "values that are not finite");
        DecodedPhoto picture = DecodedPhoto.of(input, preparation.map(ImagePreparation::preprocessing));
        return new NamedInput(images.name(image), picture, batch(input), input.geometry());
    }

    private void requireFit(InputTensor images) {
        ModelSummary summary = network.summary();
        boolean hasSize = images.height() == summary.inputHeight() && images.width() == summary.inputWidth();
        if (images.channels() != summary.inputChannels() || !(hasSize || network.sizeIsOpen())) {
            boolean isTurned = images.height() == summary.inputChannels() || images.width() == summary.inputChannels();
            throw new PhotoException(images + " does not fit '" + summary.model() + "', which takes images [n, "
                    + (network.sizeIsOpen() ? "h, w" : summary.inputHeight() + ", " + summary.inputWidth()) + ", "
                    + summary.inputChannels() + "]: "
                    + (isTurned
                            ? "read it with channels first or last, as it is."
                            : "prepare the images for this size."));
        }
        if (images.isPixels()) {
            requirePixels(images);
        }
    }

    private void requirePixels(InputTensor images) {
        String model = network.summary().model();
        Preprocessing known = preparation
                .map(ImagePreparation::preprocessing)
                .orElseThrow(
                        () -> new PhotoException(images + " holds pixels, uint8, but the preprocessing of '" + model
                                + "' is not set: give float32 after preprocessing, or set the preprocessing 'none' if the network"
                                + " takes pixels as they are."));
        if (known.scale().stream().anyMatch(scale -> scale != 1)
                || known.offset().stream().anyMatch(offset -> offset != 0)) {
            throw new PhotoException(images + " holds pixels, uint8, but '" + model
                    + "' takes values after the preprocessing '" + known
                    + "': give the photos themselves, or float32 after preprocessing.");
        }
    }

    @Override
    public List<Explanation> explain(List<BufferedImage> photos) {
        if (photos.isEmpty()) {
            return List.of();
        }
        ImagePreparation usual = usual();
        return run(
                photos.stream()
                        .map(photo -> prepared(DecodedPhoto.of(photo), UNNAMED, usual))
                        .toList(),
                usual.toString());
    }

    @Override
    public Stream<PhotoResult> explainAll(Stream<Path> photos) {
        ImagePreparation usual = usual();
        return PhotoPipeline.results(
                photos, Function.identity(), photo -> prepared(reader.decode(photo), name(photo), usual), input -> run(
                                List.of(input), usual.toString())
                        .get(0));
    }

    @Override
    public Stream<PhotoResult> explainNamed(Stream<NamedPhoto> photos) {
        ImagePreparation usual = usual();
        return PhotoPipeline.results(
                photos, NamedPhoto::path, photo -> prepared(decoded(photo), photo.name(), usual), input -> run(
                                List.of(input), usual.toString())
                        .get(0));
    }

    private DecodedPhoto decoded(NamedPhoto photo) {
        try (InputStream content = photo.content().get()) {
            return reader.decode(content, photo.name());
        } catch (IOException e) {
            throw new PhotoException("photo " + Quoted.of(photo.name()) + " cannot be closed: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new PhotoException("photo " + Quoted.of(photo.name()) + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private static String name(Path photo) {
        return photo.getFileName().toString();
    }

    private ImagePreparation usual() {
        return preparation.orElseThrow(
                () -> new IllegalStateException(
                        "the preprocessing of photos is not set for '"
                                + network.summary().model()
                                + "': give the preprocessing that the network was trained with to the builder,"
                                + " preprocessing(Preprocessing.CAFFE) for instance, or in a JSON file beside the Keras or ONNX file."));
    }

    private Explanation run(DecodedPhoto photo, String name, ImagePreparation prepare) {
        return run(List.of(prepared(photo, name, prepare)), prepare.toString()).get(0);
    }

    private List<Explanation> run(List<NamedInput> photos, String prepared) {
        // Checked again: the mapper may have been closed after the call that started this run.
        lifetime.requireOpen();
        Shape shape = photos.get(0).input().shape();
        Values values = network.values(together(photos));
        Activations activations = network.head().activations(values, shape);
        Provenance provenance = new Provenance(
                network.summary().model(), modelSha256, network.engine().name(), prepared, Version.TEXT);
        MapPlacement placement = network.placements().of(shape.height(), shape.width());
        List<Explanation> explanations = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            NamedInput photo = photos.get(i);
            if (!activations.isFinite(i)) {
                throw Network.notFinite(
                        "the network's scores or activations of photo '" + photo.name() + "' are not finite");
            }
            explanations.add(new Explanation(
                    photo.name(),
                    photo.photo(),
                    photo.geometry(),
                    placement,
                    RawMaps.of(network.summary().features(), activations, i),
                    activations.logits(i),
                    scoreFunction,
                    labels,
                    provenance,
                    method,
                    new NetworkPhoto(lifetime, network.methods(), photo.input(), values, i)));
        }
        return List.copyOf(explanations);
    }

    private static void requireFinite(String name, ImageInput input, String otherwise) {
        if (!FiniteNumbers.areAll(input.values())) {
            throw Network.notFinite("photo '" + name + "' has " + otherwise);
        }
    }

    /** Prepares a photo: as bytes if the engine samples them on its device. */
    private NamedInput prepared(DecodedPhoto photo, String name, ImagePreparation preparation) {
        Objects.requireNonNull(name, "name");
        if (network.engine().takesPixels()) {
            Optional<PixelBatch> pixels = preparation.pixels(photo);
            if (pixels.isPresent()) {
                return new NamedInput(name, photo, pixels.get(), preparation.geometry(photo.width(), photo.height()));
            }
        }
        ImageInput input = preparation.prepare(photo);
        requireFinite(name, input, "pixels that are not finite after preprocessing");
        return new NamedInput(name, photo, batch(input), input.geometry());
    }

    private static Batch batch(ImageInput input) {
        return Batch.of(input.values(), new Shape(input.height(), input.width(), input.channels()));
    }

    private static Batch together(List<NamedInput> photos) {
        Batch first = photos.get(0).input();
        if (photos.size() == 1) {
            return first;
        }
        List<Batch> batches = photos.stream().map(NamedInput::input).toList();
        if (batches.stream().allMatch(PixelBatch.class::isInstance)) {
            return PixelBatch.joined(
                    batches.stream().map(PixelBatch.class::cast).toList());
        }
        return Batch.joined(batches);
    }

    /**
     * A photo that is ready for the network.
     *
     * @param input one image
     */
    private record NamedInput(String name, DecodedPhoto photo, Batch input, Geometry geometry) {}
}
