package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.cam4j.image.AxisField.Along;
import org.cam4j.plan.InferencePlan;
import org.cam4j.plan.PlanBuilder;
import org.cam4j.plan.Step;
import org.cam4j.plan.operation.Activate;
import org.cam4j.plan.operation.Activation;
import org.cam4j.plan.operation.ActivationGradient;
import org.cam4j.plan.operation.Concatenate;
import org.cam4j.plan.operation.Convolution;
import org.cam4j.plan.operation.Crop;
import org.cam4j.plan.operation.Dense;
import org.cam4j.plan.operation.Elementwise;
import org.cam4j.plan.operation.External;
import org.cam4j.plan.operation.Gates;
import org.cam4j.plan.operation.GlobalPooling;
import org.cam4j.plan.operation.InsertZeros;
import org.cam4j.plan.operation.LayerNormalize;
import org.cam4j.plan.operation.MatMul;
import org.cam4j.plan.operation.Operation;
import org.cam4j.plan.operation.Pad;
import org.cam4j.plan.operation.Padding;
import org.cam4j.plan.operation.ParametricRelu;
import org.cam4j.plan.operation.Pooling;
import org.cam4j.plan.operation.PoolingGradient;
import org.cam4j.plan.operation.Reshape;
import org.cam4j.plan.operation.Resize;
import org.cam4j.plan.operation.ScaleShift;
import org.cam4j.plan.operation.Shape;
import org.cam4j.plan.operation.Slice;
import org.cam4j.plan.operation.Softmax;
import org.cam4j.plan.operation.Transpose;
import org.cam4j.plan.operation.Window;
import org.cam4j.plan.pass.PlanPass;
import org.cam4j.testing.Plans;
import org.junit.jupiter.api.Test;

class ReceptiveFieldsTest {

    // ---- against the pixels that each cell depends on ----

    /** The centres of receptive fields of random networks, found pixel by pixel. */
    @Property(tries = 400)
    void exactPlacesAreTheCentresOfThePixelsThatACellDependsOn(@ForAll Random random) {
        InferencePlan plan = plan(random, List.of(Kind.WINDOW, Kind.PAD, Kind.CROP, Kind.CELLWISE));

        for (boolean vertical : new boolean[] {true, false}) {
            List<Dependence> cells = Dependence.ofFeatures(plan, vertical);
            Along field = field(plan, vertical);
            assertThat(field.settled().cells()).isEqualTo(cells.size());
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).isWhole()) {
                    assertThat(field.settled().exact().centre(i, cells.size()))
                            .as("cell %s of %s", i, plan)
                            .isCloseTo(cells.get(i).centre(), within(1e-6));
                }
            }
        }
    }

    /** Also with what puts cells between or apart, to less than the coarsest cell; and so the place that is chosen. */
    @Property(tries = 400)
    void chosenPlacesAreWithinACellOfTheReceptiveFields(@ForAll Random random) {
        InferencePlan plan = plan(random, List.of(Kind.values()));

        MapPlacement.Placed placed = (MapPlacement.Placed) ReceptiveFields.placement(plan);

        assertThat(placed.transposed()).isFalse();
        for (boolean vertical : new boolean[] {true, false}) {
            List<Dependence> cells = Dependence.ofFeatures(plan, vertical);
            Extent extent = vertical ? placed.rows() : placed.columns();
            double coarsest = field(plan, vertical).coarsest();
            for (int i = 0; i < cells.size(); i++) {
                if (cells.get(i).isWhole()) {
                    assertThat(extent.centre(i, cells.size()))
                            .as("cell %s of %s", i, plan)
                            .isCloseTo(cells.get(i).centre(), within(2 * coarsest));
                }
            }
        }
    }

    private static Along field(InferencePlan plan, boolean vertical) {
        ReceptiveFields.Fields fields = ReceptiveFields.ofFeatures(plan);
        return (Along) (vertical ? fields.rows() : fields.columns());
    }

    private enum Kind {
        WINDOW,
        PAD,
        CROP,
        CELLWISE,
        RESIZE,
        SPREAD
    }

    private static InferencePlan plan(Random random, List<Kind> kinds) {
        PlanBuilder plan = new PlanBuilder(new Shape(40 + random.nextInt(80), 40 + random.nextInt(80), 1));
        int value = InferencePlan.INPUT;
        for (int i = random.nextInt(9); i >= 0; i--) {
            Shape shape = plan.shape(value);
            Operation operation = operation(random, kinds.get(random.nextInt(kinds.size())), shape);
            try {
                Shape output = operation.output(List.of(shape));
                if (output.size() < 40_000) {
                    value = plan.add(operation.describe() + i, operation, value);
                }
            } catch (IllegalArgumentException e) {
                // Larger than what is left of the map: another one.
            }
        }
        return Plans.features(plan, value);
    }

    private static Operation operation(Random random, Kind kind, Shape shape) {
        return switch (kind) {
            case WINDOW -> random.nextBoolean() ? convolution(window(random)) : pooling(random);
            case PAD -> new Pad(border(random, 12, 12));
            case CROP -> new Crop(border(random, 12, 12));
            case CELLWISE -> new Activate(Activation.RELU);
            case RESIZE ->
                new Resize(
                        Math.max(1, shape.height() * (1 + random.nextInt(6)) / 3),
                        Math.max(1, shape.width() * (1 + random.nextInt(6)) / 3),
                        Resize.Interpolation.NEAREST);
            case SPREAD -> new InsertZeros(1 + random.nextInt(2), 1 + random.nextInt(3));
        };
    }

    private static Operation pooling(Random random) {
        int height = 1 + random.nextInt(4);
        int width = 1 + random.nextInt(4);
        Padding border = border(random, height, width);
        return new Pooling(
                Pooling.Kind.AVERAGE,
                new Window(height, width, 1 + random.nextInt(3), 1 + random.nextInt(3), 1, 1, border));
    }

    private static Window window(Random random) {
        return new Window(
                1 + random.nextInt(5),
                1 + random.nextInt(5),
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(2),
                1 + random.nextInt(2),
                border(random, 7, 7));
    }

    private static Padding border(Random random, int rows, int columns) {
        return new Padding(
                random.nextInt(rows), random.nextInt(rows), random.nextInt(columns), random.nextInt(columns));
    }

    private static Convolution convolution(Window window) {
        float[] weights = new float[window.height() * window.width()];
        return new Convolution(window, 1, 1, 1, weights, new float[1], false, Activation.IDENTITY);
    }

    /**
     * The pixels along one axis that a cell depends on.
     *
     * @param pixels by index
     * @param isWhole whether nothing of its receptive field is a border's zeros
     */
    private record Dependence(BitSet pixels, boolean isWhole) {

        static List<Dependence> ofFeatures(InferencePlan plan, boolean vertical) {
            List<Dependence> cells = new ArrayList<>();
            int pixels = vertical ? plan.input().height() : plan.input().width();
            for (int i = 0; i < pixels; i++) {
                BitSet own = new BitSet();
                own.set(i);
                cells.add(new Dependence(own, true));
            }
            for (Step step : plan.steps()) {
                Shape output = plan.shape(step.value());
                cells = after(step.operation(), cells, vertical ? output.height() : output.width(), vertical);
            }
            return cells;
        }

        /** Its middle, in continuous coordinates. */
        double centre() {
            return (pixels.nextSetBit(0) + pixels.length()) / 2.0;
        }

        private static List<Dependence> after(
                Operation operation, List<Dependence> cells, int count, boolean vertical) {
            return IntStream.range(0, count)
                    .mapToObj(i -> union(cells, read(operation, i, cells.size(), count, vertical)))
                    .toList();
        }

        /** The input cells of an output cell by the operation's definition; also some that do not exist. */
        private static int[] read(Operation operation, int i, int cells, int count, boolean vertical) {
            if (operation instanceof Convolution convolution) {
                return read(convolution.window(), i, vertical);
            }
            if (operation instanceof Pooling pooling) {
                return read(pooling.window(), i, vertical);
            }
            if (operation instanceof Pad pad) {
                return new int[] {
                    i - (vertical ? pad.padding().top() : pad.padding().left())
                };
            }
            if (operation instanceof Crop crop) {
                return new int[] {
                    i + (vertical ? crop.cropping().top() : crop.cropping().left())
                };
            }
            if (operation instanceof Resize) {
                return new int[] {(int) Math.floor((i + 0.5) * cells / count)};
            }
            if (operation instanceof InsertZeros spread) {
                int step = vertical ? spread.stepY() : spread.stepX();
                return i % step == 0 ? new int[] {i / step} : new int[] {Math.floorDiv(i, step), i / step + 1};
            }
            return new int[] {i};
        }

        private static int[] read(Window window, int i, boolean vertical) {
            int kernel = vertical ? window.height() : window.width();
            int stride = vertical ? window.strideY() : window.strideX();
            int dilation = vertical ? window.dilationY() : window.dilationX();
            int border = vertical ? window.padding().top() : window.padding().left();
            return IntStream.range(0, kernel)
                    .map(k -> i * stride + k * dilation - border)
                    .toArray();
        }

        private static Dependence union(List<Dependence> cells, int... read) {
            BitSet all = new BitSet();
            boolean isWhole = true;
            for (int cell : read) {
                boolean exists = cell >= 0 && cell < cells.size();
                isWhole &= exists && cells.get(cell).isWhole;
                if (exists) {
                    all.or(cells.get(cell).pixels);
                }
            }
            return new Dependence(all, isWhole);
        }
    }

    // ---- ordinary networks cover their input evenly ----

    @Test
    void stridesOfSamePaddingAreEvenToTheBit() {
        for (int size : new int[] {224, 225, 231, 240, 299, 300, 260, 37}) {
            PlanBuilder plan = new PlanBuilder(new Shape(size, 2 * size, 1));
            int value = InferencePlan.INPUT;
            for (int kernel : new int[] {7, 3, 5, 3, 2}) {
                value = plan.add("strided" + kernel, same(plan, value, kernel, 2), value);
                value = plan.add("conv" + kernel, same(plan, value, 3, 1), value);
            }
            assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                    .isEqualTo(MapPlacement.whole(size, 2 * size));
        }
    }

    private static Convolution same(PlanBuilder plan, int value, int kernel, int stride) {
        return convolution(
                Window.same(plan.shape(value), kernel, kernel, new int[] {stride, stride}, new int[] {1, 1}));
    }

    /** ResNet: symmetric borders put every strided window half a pixel to the left of the middle, fifteen in all. */
    @Test
    void resNetsBordersAreEvenToTheBit() {
        PlanBuilder plan = new PlanBuilder(new Shape(224, 224, 1));
        int value = plan.add("conv1_pad", new Pad(new Padding(3, 3, 3, 3)), InferencePlan.INPUT);
        value = plan.add("conv1", convolution(strided(7, 2)), value);
        value = plan.add("pool1_pad", new Pad(new Padding(1, 1, 1, 1)), value);
        value = plan.add("pool1", new Pooling(Pooling.Kind.MAXIMUM, strided(3, 2)), value);
        for (int i = 0; i < 3; i++) {
            value = plan.add("shortcut" + i, convolution(strided(1, 2)), value);
        }
        assertThat(plan.shape(value).height()).isEqualTo(7);
        assertThat(ReceptiveFields.placement(Plans.features(plan, value))).isEqualTo(MapPlacement.whole(224, 224));
        assertThat(ReceptiveFields.placement(PlanPass.simplified(Plans.features(plan, value))))
                .isEqualTo(MapPlacement.whole(224, 224));
    }

    /** Inception: 299 pixels become 8 cells without any padding where the size changes. */
    @Test
    void inceptionsValidWindowsAreEvenToTheBit() {
        PlanBuilder plan = new PlanBuilder(new Shape(299, 299, 1));
        int value = InferencePlan.INPUT;
        for (int[] kernelAndStride : new int[][] {{3, 2}, {3, 1}, {3, 2}, {3, 1}, {3, 2}, {3, 2}, {3, 2}}) {
            value = plan.add("conv" + value, convolution(strided(kernelAndStride[0], kernelAndStride[1])), value);
        }
        assertThat(plan.shape(value).height()).isEqualTo(8);
        assertThat(ReceptiveFields.placement(Plans.features(plan, value))).isEqualTo(MapPlacement.whole(299, 299));
    }

    private static Window strided(int kernel, int stride) {
        return new Window(kernel, kernel, stride, stride, 1, 1, Padding.NONE);
    }

    /** NASNet joins what an average pooling of stride 2 reads with what it reads one pixel further on. */
    @Test
    void nasNetsShiftedBranchesAreEvenToTheBit() {
        PlanBuilder plan = new PlanBuilder(new Shape(28, 28, 1));
        int first = plan.add("adjust_avg_pool_1", new Pooling(Pooling.Kind.AVERAGE, strided(1, 2)), 0);
        int shifted = plan.add("pad", new Pad(new Padding(0, 1, 0, 1)), 0);
        shifted = plan.add("crop", new Crop(new Padding(1, 0, 1, 0)), shifted);
        shifted = plan.add("adjust_avg_pool_2", new Pooling(Pooling.Kind.AVERAGE, strided(1, 2)), shifted);
        int joined = plan.add("concat", new Elementwise(Elementwise.Kind.ADD), first, shifted);

        assertThat(ReceptiveFields.placement(Plans.features(plan, joined))).isEqualTo(MapPlacement.whole(28, 28));
    }

    /** A gate is one vector for all cells, wherever it comes from; so is a pooled branch that is spread over the map again. */
    @Test
    void vectorsHaveNoPlaceOfTheirOwn() {
        PlanBuilder plan = new PlanBuilder(new Shape(32, 32, 1));
        int map = plan.add("conv", same(plan, 0, 3, 2), 0);
        int crop = plan.add("crop", new Crop(new Padding(4, 4, 9, 0)), map);
        int gate = plan.add("pool", new GlobalPooling(Pooling.Kind.AVERAGE), crop);
        int gated = plan.add("gated", new Elementwise(Elementwise.Kind.MULTIPLY), map, gate);
        int spread = plan.add("spread", new Resize(16, 16, Resize.Interpolation.BILINEAR), gate);
        int sum = plan.add("sum", new Elementwise(Elementwise.Kind.ADD), spread, gated);

        assertThat(ReceptiveFields.placement(Plans.features(plan, sum))).isEqualTo(MapPlacement.whole(32, 32));
    }

    /** A U-Net's way down shifts by fractions of its coarse cells, which are many of the fine ones that it is joined with. */
    @Test
    void wayDownAndUpAgreesWithTheShortcut() {
        PlanBuilder plan = new PlanBuilder(new Shape(64, 64, 1));
        int deep = 0;
        for (int i = 0; i < 4; i++) {
            deep = plan.add("down" + i, same(plan, deep, 3, 2), deep);
        }
        deep = plan.add("up", new Resize(64, 64, Resize.Interpolation.BILINEAR), deep);
        int joined = plan.add("sum", new Elementwise(Elementwise.Kind.ADD), deep, 0);

        assertThat(ReceptiveFields.placement(Plans.features(plan, joined))).isEqualTo(MapPlacement.whole(64, 64));
    }

    // ---- crops, paddings and their like ----

    @Test
    void cropsLeaveWhatTheyLeave() {
        PlanBuilder plan = new PlanBuilder(new Shape(96, 80, 1));
        int value = plan.add("crop", new Crop(new Padding(16, 16, 24, 8)), 0);
        value = plan.add("conv", same(plan, value, 3, 2), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(new Extent(16, 80, 16, 80), new Extent(24, 72, 24, 72), false));
    }

    @Test
    void paddingBeyondAKernelPutsCellsBesideTheImage() {
        PlanBuilder plan = new PlanBuilder(new Shape(64, 64, 1));
        int value = plan.add("pad", new Pad(new Padding(32, 0, 0, 0)), 0);
        value = plan.add("patches", convolution(strided(8, 8)), value);
        InferencePlan padded = Plans.features(plan, value);

        MapPlacement expected = new MapPlacement.Placed(new Extent(-32, 64, 0, 64), Extent.whole(64), false);
        assertThat(ReceptiveFields.placement(padded)).isEqualTo(expected);
        assertThat(ReceptiveFields.placement(PlanPass.simplified(padded))).isEqualTo(expected);
    }

    @Test
    void croppingWhatWasPaddedGivesTheImageBack() {
        PlanBuilder plan = new PlanBuilder(new Shape(30, 30, 1));
        int value = plan.add("pad", new Pad(new Padding(5, 6, 7, 8)), 0);
        value = plan.add("crop", new Crop(new Padding(5, 6, 7, 8)), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value))).isEqualTo(MapPlacement.whole(30, 30));
    }

    @Test
    void resizingKeepsThePlaces() {
        PlanBuilder plan = new PlanBuilder(new Shape(100, 100, 1));
        int value = plan.add("crop", new Crop(new Padding(0, 0, 20, 0)), 0);
        value = plan.add("resize", new Resize(32, 32, Resize.Interpolation.BILINEAR), value);
        value = plan.add("conv", same(plan, value, 3, 1), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(Extent.whole(100), new Extent(20, 100, 20, 100), false));
    }

    /** Eight windows without a border take eight cells off each side; the middle of the first one that is left is pixel 8's. */
    @Test
    void manyWindowsWithoutABorderAreNotSpreadOverWhatTheyTookOff() {
        PlanBuilder plan = new PlanBuilder(new Shape(32, 32, 1));
        int value = 0;
        for (int i = 0; i < 8; i++) {
            value = plan.add("conv" + i, convolution(Window.of(3, 3)), value);
        }
        Extent middle = new Extent(8, 24, 0, 32);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(middle, middle, false));
    }

    // ---- exchanged axes ----

    @Test
    void exchangedRowsAndColumnsAreKeptApart() {
        PlanBuilder plan = new PlanBuilder(new Shape(40, 80, 1));
        int value = plan.add("permute", Transpose.of(1, 0, 2), 0);
        value = plan.add("crop", new Crop(new Padding(16, 0, 0, 8)), value);
        value = plan.add("conv", same(plan, value, 3, 2), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(new Extent(0, 32, 0, 32), new Extent(16, 80, 16, 80), true));
    }

    /** Channels first for a while, as PyTorch has them. */
    @Test
    void axesThatGoToTheChannelsAndComeBackAreStillKnown() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 12, 3));
        int value = plan.add("first", Transpose.of(2, 0, 1), 0);
        value = plan.add("slice", Slice.channels(2, 10), value);
        value = plan.add("last", Transpose.of(1, 2, 0), value);
        value = plan.add("grey", grey(), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(Extent.whole(8), new Extent(2, 12, 2, 12), false));
    }

    private static Convolution grey() {
        return new Convolution(Window.of(1, 1), 3, 1, 1, new float[3], new float[1], false, Activation.IDENTITY);
    }

    @Test
    void channelsAsRowsHaveNoPlace() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 1, 3));
        int value = plan.add("permute", Transpose.of(2, 0, 1), 0);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Unplaced("its rows or columns are what were channels"));
    }

    @Test
    void pooledVectorsBesideEachOtherHaveNoPlace() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 8, 3));
        int pooled = plan.add("gap", new GlobalPooling(Pooling.Kind.AVERAGE), 0);
        int rows = plan.add("rows", new Concatenate(0), pooled, pooled);

        assertThat(ReceptiveFields.placement(Plans.features(plan, rows)))
                .isEqualTo(new MapPlacement.Unplaced("its rows or columns each see the whole image"));
    }

    @Test
    void aTransposedBranchDoesNotFitTheOther() {
        PlanBuilder plan = new PlanBuilder(new Shape(16, 16, 1));
        int turned = plan.add("permute", Transpose.of(1, 0, 2), 0);
        int sum = plan.add("add", new Elementwise(Elementwise.Kind.ADD), turned, 0);

        assertThat(ReceptiveFields.placement(Plans.features(plan, sum)))
                .isEqualTo(new MapPlacement.Unplaced("'add' joins columns 0 to 16 with rows 0 to 16 of the input"));
    }

    @Test
    void reshapesKeepTheAxesThatTheyLeaveWhole() {
        PlanBuilder column = new PlanBuilder(new Shape(16, 1, 1));
        int row = column.add("reshape", new Reshape(new Shape(1, 16, 1)), 0);
        PlanBuilder map = new PlanBuilder(new Shape(16, 12, 1));
        int points = map.add("points", new Reshape(new Shape(192, 1, 1)), 0);

        assertThat(ReceptiveFields.placement(Plans.features(column, row)))
                .isEqualTo(new MapPlacement.Placed(Extent.whole(16), Extent.whole(1), true));
        assertThat(ReceptiveFields.placement(Plans.features(map, points)))
                .isEqualTo(new MapPlacement.Unplaced("'points' puts rows, columns and channels in another order"));
    }

    // ---- rows and columns that are computed of others ----

    /** Applies a matrix [new rows][old rows] to the rows of a map. */
    private static InferencePlan rowsBy(float[] matrix, int rows) {
        int count = matrix.length / rows;
        PlanBuilder plan = new PlanBuilder(new Shape(rows, 12, 1));
        int value = plan.add("last", Transpose.of(1, 2, 0), 0);
        value = plan.add("matrix", Dense.of(matrix, new float[count], Activation.IDENTITY), value);
        value = plan.add("back", Transpose.of(2, 0, 1), value);
        return Plans.features(plan, value);
    }

    /** Two new rows for each, at quarters between the old ones, as a linear resize with half-pixel centres makes them. */
    @Test
    void meansOfRowsLieAtTheMeanOfTheirPlaces() {
        float[] matrix = new float[16 * 8];
        for (int row = 0; row < 16; row++) {
            double place = (row + 0.5) / 2 - 0.5;
            int before = (int) Math.floor(place);
            matrix[row * 8 + Math.max(before, 0)] += (float) (1 - (place - before));
            matrix[row * 8 + Math.min(before + 1, 7)] += (float) (place - before);
        }

        MapPlacement.Placed placed = (MapPlacement.Placed) ReceptiveFields.placement(rowsBy(matrix, 8));

        // Half a pixel: the outermost rows repeat the old ones.
        assertThat(placed.rows().from()).isCloseTo(0, within(0.25));
        assertThat(placed.rows().to()).isCloseTo(8, within(0.25));
        assertThat(placed.columns()).isEqualTo(Extent.whole(12));
        assertThat(placed.transposed()).isFalse();
    }

    @Test
    void learnedMixturesOfRowsHaveNoPlace() {
        float[] matrix = new float[8 * 8];
        Random random = new Random(3);
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = random.nextFloat() - 0.5f;
        }
        assertThat(ReceptiveFields.placement(rowsBy(matrix, 8)))
                .isEqualTo(new MapPlacement.Unplaced("its rows or columns are what were channels"));
    }

    @Test
    void rowsInAnotherOrderHaveNoPlace() {
        float[] matrix = new float[8 * 8];
        for (int row = 0; row < 8; row++) {
            matrix[row * 8 + 7 - row] = 1;
        }
        assertThat(ReceptiveFields.placement(rowsBy(matrix, 8))).isInstanceOf(MapPlacement.Unplaced.class);
    }

    /** Rows 1, 3, 5 and 7 of eight: cells of two rows, centred at the second. */
    @Test
    void everySecondRowStaysWhereItIs() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 12, 1));
        int[] rows = new int[4];
        for (int i = 0; i < 4; i++) {
            rows[i] = plan.add("row" + i, new Slice(0, 2 * i + 1, 1), 0);
        }
        int value = plan.add("rows", new Concatenate(0), rows);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(new Extent(0.5, 8.5, 1, 8), Extent.whole(12), false));
    }

    /** Two rows from two channels each, as DepthToSpace makes them. */
    @Test
    void rowsMadeOfChannelsLieWithinTheirRow() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 12, 2));
        int value = plan.add("channels", Transpose.of(0, 2, 1), 0);
        value = plan.add("rows", new Reshape(new Shape(16, 12, 1)), value);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(Extent.whole(8), Extent.whole(12), false));
    }

    /** A row of numbers that depend on no image, made as a dense layer without weights. */
    @Test
    void aConstantBorderTakesNoPlaceAway() {
        PlanBuilder plan = new PlanBuilder(new Shape(8, 12, 1));
        int one = plan.add("one", new Slice(0, 0, 1), plan.add("flat", new Reshape(new Shape(96)), 0));
        int row = plan.add("row", Dense.of(new float[12], floats(12), Activation.IDENTITY), one);
        int border = plan.add("border", new Reshape(new Shape(1, 12, 1)), row);
        int value = plan.add("bordered", new Concatenate(0), border, 0);

        assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                .isEqualTo(new MapPlacement.Placed(new Extent(-1, 8, 0, 8), Extent.whole(12), false));
    }

    /** As ONNX files pad by reflection: rows beside rows, then columns beside columns. */
    @Test
    void aMirroredBorderIsTheNextWindowsAsZerosAre() {
        PlanBuilder mirrored = new PlanBuilder(new Shape(8, 12, 1));
        int rows = mirrored.add(
                "rows",
                new Concatenate(0),
                mirrored.add("above", new Slice(0, 1, 1), 0),
                0,
                mirrored.add("below", new Slice(0, 6, 1), 0));
        int both = mirrored.add(
                "columns",
                new Concatenate(1),
                mirrored.add("left", new Slice(1, 1, 1), rows),
                rows,
                mirrored.add("right", new Slice(1, 10, 1), rows));
        PlanBuilder zeros = new PlanBuilder(new Shape(8, 12, 1));
        int padded = zeros.add("pad", new Pad(new Padding(1, 1, 1, 1)), 0);

        MapPlacement placement =
                ReceptiveFields.placement(Plans.features(mirrored, mirrored.add("conv", threeByThree(), both)));

        assertThat(placement)
                .isEqualTo(new MapPlacement.Placed(Extent.whole(8), Extent.whole(12), false))
                .isEqualTo(ReceptiveFields.placement(Plans.features(zeros, zeros.add("conv", threeByThree(), padded))));
    }

    private static Convolution threeByThree() {
        return new Convolution(Window.of(3, 3), 1, 1, 1, new float[9], new float[1], false, Activation.IDENTITY);
    }

    private static float[] floats(int count) {
        float[] floats = new float[count];
        Arrays.fill(floats, 2);
        return floats;
    }

    // ---- branches ----

    @Test
    void branchesOfDifferentPlacesHaveNone() {
        PlanBuilder plan = new PlanBuilder(new Shape(64, 64, 1));
        int left = plan.add("left", new Crop(new Padding(0, 0, 0, 16)), 0);
        int right = plan.add("right", new Crop(new Padding(0, 0, 16, 0)), 0);
        int joined = plan.add("add", new Elementwise(Elementwise.Kind.ADD), left, right);

        assertThat(ReceptiveFields.placement(Plans.features(plan, joined)))
                .isEqualTo(new MapPlacement.Unplaced("'add' joins columns 0 to 48 with columns 16 to 64 of the input"));
    }

    @Test
    void aResidualSumFusedIntoItsConvolutionIsAMeetingOfBranchesToo() {
        PlanBuilder plan = new PlanBuilder(new Shape(64, 64, 1));
        int left = plan.add("left", new Crop(new Padding(0, 16, 0, 0)), 0);
        int right = plan.add("right", new Crop(new Padding(16, 0, 0, 0)), 0);
        int conv = plan.add("conv", same(plan, left, 3, 1), left);
        int joined = plan.add("add", new Elementwise(Elementwise.Kind.ADD), conv, right);
        InferencePlan simplified = PlanPass.simplified(Plans.features(plan, joined));

        assertThat(simplified.toString()).contains("+ sum");
        assertThat(ReceptiveFields.placement(simplified)).isInstanceOf(MapPlacement.Unplaced.class);
    }

    /** A U-Net without borders crops its shortcuts to what the windows leave. */
    @Test
    void shortcutsCroppedToWhatWindowsLeaveAgree() {
        PlanBuilder plan = new PlanBuilder(new Shape(40, 40, 1));
        int deep = 0;
        for (int i = 0; i < 6; i++) {
            deep = plan.add("conv" + i, convolution(Window.of(3, 3)), deep);
        }
        int shortcut = plan.add("crop", new Crop(new Padding(6, 6, 6, 6)), 0);
        int joined = plan.add("add", new Elementwise(Elementwise.Kind.ADD), shortcut, deep);

        MapPlacement.Placed placed = (MapPlacement.Placed) ReceptiveFields.placement(Plans.features(plan, joined));
        assertThat(placed.rows()).isEqualTo(new Extent(6, 34, 0, 40));
    }

    @Test
    void aStepThatOnlyItsOwnEngineKnowsHasNoPlaceIfItMovesCells() {
        PlanBuilder plan = new PlanBuilder(new Shape(40, 40, 1));
        int moved = plan.add("puzzle", new External("Puzzle 'puzzle'", new Shape(20, 20, 1), true), 0);

        MapPlacement placement = ReceptiveFields.placement(Plans.features(plan, moved));

        assertThat(((MapPlacement.Unplaced) placement).reason()).startsWith("'puzzle' moves the map's cells");
    }

    /** A new operation has to say what it does to places. */
    @Test
    void everyOperationIsFollowed() {
        Shape shape = new Shape(6, 6, 1);
        List<Operation> operations = List.of(
                new Activate(Activation.RELU),
                new Elementwise(Elementwise.Kind.ADD),
                convolution(Window.of(1, 1)),
                ScaleShift.uniform(1, 2, 3),
                new ParametricRelu(new float[] {0.1f}),
                Concatenate.channels(),
                new Crop(new Padding(1, 1, 1, 1)),
                new GlobalPooling(Pooling.Kind.AVERAGE),
                new LayerNormalize(1e-3f, new float[] {1}, new float[] {0}),
                new Pad(new Padding(1, 1, 1, 1)),
                new Pooling(Pooling.Kind.MAXIMUM, Window.of(2, 2)),
                new Resize(3, 3, Resize.Interpolation.NEAREST),
                new Reshape(shape),
                Slice.channels(0, 1),
                new Softmax(),
                new MatMul(true),
                new ActivationGradient(Activation.RELU, Gates.HELD),
                new PoolingGradient(Pooling.Kind.AVERAGE, Window.of(1, 1), shape),
                new External("a layer", shape, false),
                Dense.of(new float[1], new float[1], Activation.IDENTITY),
                new InsertZeros(2, 2),
                Transpose.of(1, 0, 2));
        assertThat(operations)
                .extracting(Object::getClass)
                .containsExactlyInAnyOrderElementsOf(leaves(Operation.class));
        for (Operation operation : operations) {
            PlanBuilder plan = new PlanBuilder(shape);
            int[] inputs = operation instanceof MatMul
                            || operation instanceof ActivationGradient
                            || operation instanceof Elementwise
                            || operation instanceof Concatenate
                    ? new int[] {0, 0}
                    : new int[] {0};
            int value = plan.add("op", operation, inputs);
            value = operation instanceof Concatenate
                    ? plan.add(
                            "one",
                            new Convolution(
                                    Window.of(1, 1), 2, 1, 1, new float[2], new float[1], false, Activation.IDENTITY),
                            value)
                    : value;
            boolean isLost = operation instanceof MatMul
                    || operation instanceof ActivationGradient
                    || operation instanceof PoolingGradient;
            assertThat(ReceptiveFields.placement(Plans.features(plan, value)))
                    .as(operation.describe())
                    .isInstanceOf(isLost ? MapPlacement.Unplaced.class : MapPlacement.Placed.class);
        }
    }

    private static List<Class<?>> leaves(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .<Class<?>>flatMap(type -> type.isSealed() ? leaves(type).stream() : Stream.of(type))
                .toList();
    }
}
