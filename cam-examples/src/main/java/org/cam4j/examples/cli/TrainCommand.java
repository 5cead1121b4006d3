package org.cam4j.examples.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Labels;
import org.cam4j.MapperBuilder;
import org.cam4j.keras.ImportedModel;
import org.cam4j.training.Augmentation;
import org.cam4j.training.GapHead;
import org.cam4j.training.GapNetwork;
import org.cam4j.training.PhotoSet;
import org.cam4j.training.PhotoTraining;
import org.cam4j.training.TrainedNetwork;
import org.cam4j.training.TrainingProgress;
import org.cam4j.training.TrainingSettings;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model's head on photos of other classes. */
@Command(
        name = "train",
        description = {
            "Trains a model on photos of your own classes: FOLDER has one folder per class, named as the class is"
                    + " called.",
            "The model keeps its convolutions and gets a new head, unless --from says where training begins or"
                    + " --keep-head that the head stays. A run that was stopped goes on when the same command is given"
                    + " again.",
            "Writes the model as OUT says: .h5 or .keras for Keras, with a JSON and a labels file beside it, or .zip"
                    + " for DL4J.",
            "Exit status 0 if all photos could be read, 1 if some could not, 2 if nothing was trained."
        })
final class TrainCommand implements Callable<Integer> {

    /** Decay of the learning rate. */
    enum Decay {
        /** Constant rate. */
        NONE,
        /** Linear decay to zero after the last epoch. */
        LINEAR,
        /** Decay to a tenth after each third of the epochs. */
        STEP
    }

    @Mixin
    private RequiredModel model;

    @Mixin
    private ModelOutput output;

    @Option(
            names = "--cut",
            paramLabel = "LAYER",
            description = "Put the new head behind this layer, such as block5_conv4 of VGG19, for models without global"
                    + " average pooling. Needs --preprocessing.")
    private String cut;

    @Option(
            names = "--convolution",
            paramLabel = "FILTERS",
            description =
                    "With --cut: add a 3x3 convolution of this many filters before the pooling; the paper has 1024."
                            + " Only --from cam_conv trains it.")
    private Integer convolution;

    @Option(
            names = "--from",
            paramLabel = "LAYER",
            description = "Train this layer and all behind it, not the head alone; slow without a GPU.")
    private String from;

    @Option(
            names = "--keep-head",
            description = "Train the model's own head instead of a new one; folders are named as its labels.")
    private boolean keepHead;

    @Option(
            names = "--validation",
            paramLabel = "SHARE",
            defaultValue = "0.2",
            description = "The share of each class's photos that is kept for measuring; default ${DEFAULT-VALUE}.")
    private double validation;

    @Option(names = "--augment", description = "Train on mirror images and crops of the photos, too.")
    private boolean augment;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            defaultValue = "60",
            description = "See every photo at most N times; default ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            defaultValue = "10",
            description = "Stop when the kept photos are told no better after N more times; default ${DEFAULT-VALUE}.")
    private int patience;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            defaultValue = "0.001",
            description = "How far a step changes the weights (Adam's learning rate); default ${DEFAULT-VALUE}.")
    private double learningRate;

    @Option(
            names = "--decay",
            defaultValue = "NONE",
            description = "What becomes of the learning rate: it stays (NONE, the default), sinks to 0 (LINEAR), or is"
                    + " divided by 10 after each third of the epochs (STEP).")
    private Decay decay;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "32",
            description = "How many photos a step sees; default ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "The start of everything random: which photos are kept, the new weights, the order; default"
                    + " ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "The folder of what a stopped run needs to go on; default OUT-work.")
    private Path work;

    @Parameters(paramLabel = "FOLDER", description = "A folder with one folder of photos per class.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Path out = output.claim();
        PhotoSet.Split photos = PhotoSet.ofFolders(folder).split(validation, seed);
        PrintWriter err = spec.commandLine().getErr();
        err.println(photos.training().labels().size() + " classes, "
                + photos.training().photos().size() + " photos to train on, "
                + photos.validation().photos().size() + " to validate with");
        Path kept = Optional.ofNullable(work).orElseGet(() -> out.resolveSibling(out.getFileName() + "-work"));
        PhotoTraining training = PhotoTraining.of(network(photos.training().labels()))
                .settings(new TrainingSettings(epochs, batch, schedule(), patience, true, 0, seed))
                .augmentation(augment ? Augmentation.STANDARD : Augmentation.NONE)
                .cache(kept.resolve("features"))
                .checkpoint(kept.resolve("checkpoint"))
                .onPhoto(this::photo)
                .onEpoch(this::epoch);
        if (keepHead) {
            training.keepHead();
        }
        if (from != null) {
            training.from(from);
        }
        TrainedNetwork trained = training.train(photos);
        trained.skipped().forEach(file -> err.println("cam4j: skipped: " + Messages.of(file.reason())));
        trained.network().save(out);
        err.printf(
                Locale.ROOT,
                "best after epoch %d: validation accuracy %.3f; see %s%n",
                trained.best().number(),
                trained.best().validationAccuracy(),
                Printable.of(out));
        return trained.skipped().isEmpty() ? Cam4j.DONE : Cam4j.SOME_FAILED;
    }

    private GapNetwork network(Labels labels) {
        if (cut == null) {
            return model.network();
        }
        ImportedModel imported = model.imported(model.file());
        GapHead head = GapHead.on(imported.graph(), cut, labels.size()).seed(seed);
        MapperBuilder builder = ClassActivationMapper.of(
                        (convolution == null ? head : head.convolution(convolution)).build())
                .inputSize(size(imported.inputHeight()), size(imported.inputWidth()));
        try (ClassActivationMapper mapper =
                model.set(builder).labels(labels).keepGraph().build()) {
            return GapNetwork.of(mapper);
        }
    }

    private static int size(int said) {
        return said == 0 ? InputSize.USUAL : said;
    }

    private ISchedule schedule() {
        return switch (decay) {
            case NONE -> new FixedSchedule(learningRate);
            case LINEAR -> new PolySchedule(ScheduleType.EPOCH, learningRate, 1, epochs);
            case STEP -> new StepSchedule(ScheduleType.EPOCH, learningRate, 0.1, Math.max(1, epochs / 3.0));
        };
    }

    private void photo(PhotoTraining.FeatureProgress progress) {
        new StatusLine(spec.commandLine().getErr(), Ansi.AUTO.enabled())
                .set(
                        progress.done() < progress.total()
                                ? "photo " + progress.done() + " of " + progress.total() + ", " + time(progress.left())
                                        + " left"
                                : "");
    }

    private void epoch(TrainingProgress progress) {
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "epoch %3d of %d  loss %.4f  validation loss %.4f  accuracy %.3f%s  %s left%n",
                        progress.epoch().number(),
                        progress.epochs(),
                        progress.epoch().trainingLoss(),
                        progress.epoch().validationLoss(),
                        progress.epoch().validationAccuracy(),
                        progress.isBest() ? " *" : "  ",
                        time(progress.left()));
    }

    private static String time(Duration left) {
        return ElapsedTime.estimated(left.toMillis() / 1000.0);
    }
}
