package org.cam4j.examples.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.InputTensor;
import org.cam4j.PhotoResult;
import org.cam4j.exception.CamException;
import picocli.CommandLine.Option;

/** NumPy files of prepared images, in place of photos. */
final class TensorArguments {

    @Option(
            names = "--tensor",
            paramLabel = "FILE.npy",
            description =
                    "Instead of photos, explain arrays that are ready for the network, float32 [n, h, w, c]. May be"
                            + " repeated.")
    private List<Path> files = List.of();

    @Option(names = "--channels-first", description = "The arrays of --tensor are [n, c, h, w].")
    private boolean channelsFirst;

    /** An image of a tensor. */
    private record Image(InputTensor tensor, int index, Path path) {}

    private final List<Image> images = new ArrayList<>();

    /**
     * Whether tensors are given.
     *
     * @throws WrongArgumentException if photos are given as well, or the order of channels alone
     */
    boolean areGiven(PhotoArguments photos) {
        if (files.isEmpty() && channelsFirst) {
            throw new WrongArgumentException("--channels-first says how a --tensor lies: give one");
        }
        if (!files.isEmpty() && !photos.areMissing()) {
            throw new WrongArgumentException("both --tensor and photos are given: explain them in two runs");
        }
        return !files.isEmpty();
    }

    /** Returns the common name of the images. */
    String title() {
        return files.size() > 1
                ? "Class activation maps"
                : "Class activation maps: " + files.get(0).getFileName();
    }

    /** Lists the images of all files; a file that cannot be read counts as one image that fails. */
    List<PhotoFile> collect() {
        PhotoFile.Names names = new PhotoFile.Names();
        List<PhotoFile> collected = new ArrayList<>();
        for (Path file : files) {
            try {
                InputTensor tensor = channelsFirst ? InputTensor.readChannelsFirst(file) : InputTensor.read(file);
                for (int i = 0; i < tensor.count(); i++) {
                    PhotoFile image = tensor.count() == 1 ? names.of(file) : names.in(file, i, tensor.name(i));
                    collected.add(image);
                    int index = i;
                    image.path().ifPresent(path -> images.add(new Image(tensor, index, path)));
                }
            } catch (CamException e) {
                collected.add(PhotoFile.refused(file.toString(), Messages.of(e)));
            }
        }
        return collected;
    }

    /** Explains the images that were collected, each when it is asked for. */
    Iterator<PhotoResult> results(ClassActivationMapper mapper) {
        return images.stream().map(image -> explained(mapper, image)).iterator();
    }

    private static PhotoResult explained(ClassActivationMapper mapper, Image image) {
        long start = System.nanoTime();
        try {
            Explanation explanation = mapper.explain(image.tensor(), image.index());
            return new PhotoResult.Explained(image.path(), explanation, Duration.ofNanos(System.nanoTime() - start));
        } catch (CamException e) {
            return new PhotoResult.Failed(image.path(), e);
        }
    }
}
