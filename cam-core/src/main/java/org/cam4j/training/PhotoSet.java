package org.cam4j.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.cam4j.Labels;
import org.cam4j.exception.IoReason;
import org.cam4j.exception.TrainingDataException;

/**
 * Photos and the class of each. Immutable.
 *
 * @param labels what the classes are called
 * @param photos in any order
 */
public record PhotoSet(Labels labels, List<ClassPhoto> photos) {

    /**
     * A photo of a class.
     *
     * @param file where it is
     * @param classIndex its class, an index of the set's labels
     */
    public record ClassPhoto(Path file, int classIndex) {}

    /**
     * A set in two parts, each with photos of every class.
     *
     * @param training what weights are fitted to
     * @param validation what tells when to stop; never trained on
     */
    public record Split(PhotoSet training, PhotoSet validation) {}

    public PhotoSet {
        photos = List.copyOf(photos);
        for (ClassPhoto photo : photos) {
            Objects.checkIndex(photo.classIndex(), labels.size());
        }
    }

    /**
     * Reads a folder that has one folder per class, named as the class is called. Hidden files are passed over; whether the others
     * are photos is seen when they are read.
     *
     * @param root the folder of folders
     * @return the photos, classes and files in the order of their names
     * @throws TrainingDataException if there is no such folder, fewer than two classes, or a class without files; the message names
     *     all such classes
     */
    public static PhotoSet ofFolders(Path root) {
        List<Path> folders = children(root).stream().filter(Files::isDirectory).toList();
        if (folders.size() < 2) {
            throw new TrainingDataException("the folder '" + root + "' has "
                    + (folders.isEmpty() ? "no folders" : "one folder, '" + name(folders.get(0)) + "'")
                    + ": expected one folder per class, at least two, with the photos of the class in it.");
        }
        List<ClassPhoto> photos = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (int i = 0; i < folders.size(); i++) {
            List<Path> files = children(folders.get(i)).stream()
                    .filter(Files::isRegularFile)
                    .toList();
            if (files.isEmpty()) {
                empty.add(name(folders.get(i)));
            }
            for (Path file : files) {
                photos.add(new ClassPhoto(file, i));
            }
        }
        if (!empty.isEmpty()) {
            throw new TrainingDataException(
                    "the classes " + empty + " have no photos in '" + root + "': add some, or remove their folders.");
        }
        return new PhotoSet(Labels.of(folders.stream().map(PhotoSet::name).toList()), photos);
    }

    /**
     * The same photos with their classes in the order of a model's.
     *
     * @param model the model's labels, in the order of its outputs
     * @return the set
     * @throws TrainingDataException if the model has other classes; the message names the differences
     */
    public PhotoSet inOrderOf(Labels model) {
        TreeSet<String> missing = new TreeSet<>(model.names());
        labels.names().forEach(missing::remove);
        TreeSet<String> unknown = new TreeSet<>(labels.names());
        model.names().forEach(unknown::remove);
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new TrainingDataException("the photos' classes are not the model's: "
                    + (missing.isEmpty() ? "" : "no photos of " + missing + "; ")
                    + (unknown.isEmpty() ? "" : "the model does not know " + unknown + "; ")
                    + "name the folders as the model's labels, or train a new head.");
        }
        return new PhotoSet(
                model,
                photos.stream()
                        .map(photo -> new ClassPhoto(photo.file(), model.indexOf(labels.get(photo.classIndex()))))
                        .toList());
    }

    /**
     * Parts the photos of each class at random, in the same proportion.
     *
     * @param validation the share that is not trained on, in (0, 1); at least one photo of each class, at most all but one
     * @param seed the same seed parts the same set the same way
     * @return both parts
     * @throws TrainingDataException if a class has only one photo; the message names all such classes
     */
    public Split split(double validation, long seed) {
        if (!(validation > 0 && validation < 1)) {
            throw new IllegalArgumentException(
                    "a validation share of " + validation + ": give more than 0, less than 1");
        }
        List<ClassPhoto> learned = new ArrayList<>();
        List<ClassPhoto> held = new ArrayList<>();
        List<String> single = new ArrayList<>();
        for (int c = 0; c < labels.size(); c++) {
            int index = c;
            List<ClassPhoto> own = new ArrayList<>(
                    photos.stream().filter(photo -> photo.classIndex() == index).toList());
            if (own.size() < 2) {
                single.add(labels.get(c));
                continue;
            }
            Collections.shuffle(own, new Random(seed * 31 + c));
            int count = (int) Math.max(1, Math.min(own.size() - 1, Math.round(own.size() * validation)));
            held.addAll(own.subList(0, count));
            learned.addAll(own.subList(count, own.size()));
        }
        if (!single.isEmpty()) {
            throw new TrainingDataException("the classes " + single
                    + " have fewer than two photos: one is needed to train on and another to validate with. Add some.");
        }
        return new Split(new PhotoSet(labels, learned), new PhotoSet(labels, held));
    }

    private static List<Path> children(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> !name(child).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TrainingDataException(
                    "the folder '" + folder + "' cannot be read: " + IoReason.of(e) + ". Check the path.", e);
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
