package org.cam4j.prepared;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cam4j.ActivationMap;
import org.cam4j.ClassActivationMapper;
import org.cam4j.Explanation;
import org.cam4j.image.Preprocessing;
import org.cam4j.testing.Closeness;
import org.cam4j.testing.PlannedNetworks;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that only runs prepared models, with nothing on its classpath but what it needs. */
class PreparedClasspathTest {

    private static final long MEGABYTE = 1_000_000;

    /** What docs/deployment.md names: one platform's jars. */
    private static final String NEEDED =
            "(javacpp|dnnl|opencl|jackson-(core|databind|annotations)|imageio-.*|common-(image|io|lang)|metadata-extractor|"
                    + "xmpcore|slf4j-api)-\\d.*\\.jar";

    @TempDir
    private Path folder;

    private static List<Path> classpath() {
        String whole = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(whole.split(File.pathSeparator)).map(Path::of).toList();
    }

    private static List<Path> neededJars() {
        return classpath().stream()
                .filter(entry -> entry.getFileName().toString().matches(NEEDED)
                        && !entry.toString().contains("org" + File.separator + "nd4j"))
                .toList();
    }

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Starts the application; {@code instructions} limits what oneDNN may use of the processor. */
    private static Process start(String instructions, Path... arguments) throws IOException, URISyntaxException {
        return start(PreparedOnly.class, neededJars(), instructions, arguments);
    }

    private static Process start(Class<?> application, List<Path> jars, String instructions, Path... arguments)
            throws IOException, URISyntaxException {
        List<Path> entries = new ArrayList<>(jars);
        entries.add(home(ClassActivationMapper.class));
        entries.add(home(PreparedOnly.class));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)),
                application.getName()));
        Arrays.stream(arguments).map(Path::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DNNL_MAX_CPU_ISA", instructions);
        return builder.start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static ClassActivationMapper mapper(PlannedNetworks network) {
        return ClassActivationMapper.of(network.graph(CNN2DFormat.NHWC))
                .inputSize(PlannedNetworks.HEIGHT, PlannedNetworks.WIDTH)
                .preprocessing(Preprocessing.TF)
                .build();
    }

    @Test
    void photosAreExplainedWithoutDl4jNd4jAndHdf5() throws Exception {
        Path model = folder.resolve("model.cam4j");
        Path photo = resource("/photos/colour444.jpg");
        Explanation expected;
        try (ClassActivationMapper mapper = mapper(PlannedNetworks.RESIDUAL)) {
            mapper.save(model);
            expected = mapper.explain(photo);
        }

        Process application = start("ALL", model, photo, folder);
        String output = output(application);

        assertThat(application.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .contains(
                        "without org.nd4j.linalg.factory.Nd4j",
                        "without org.deeplearning4j.nn.graph.ComputationGraph",
                        "without io.jhdf.HdfFile",
                        "INDArray needs ND4J")
                .anyMatch(line -> line.startsWith(expected.prediction() + " | oneDNN"));
        assertThat(Explanation.load(folder.resolve("explanation.npz")).map().toArray())
                .containsExactly(expected.map().toArray());
        assertThat(folder.resolve("again.cam4j")).hasSameBinaryContentAs(model);
        assertThat(folder.resolve("overlay.png")).isNotEmptyFile();
        assertThat(folder.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void aPlanBuiltInCodeIsExplainedOnOneDnnAndInPlainJavaWithoutDl4jNd4jAndHdf5() throws Exception {
        Process application = start(PlanOnly.class, neededJars(), "ALL", resource("/photos/colour444.jpg"));
        String output = output(application);

        assertThat(application.waitFor()).as(output).isZero();
        assertThat(output.lines())
                .anyMatch(line -> line.startsWith("oneDNN 2.5.2"))
                .anyMatch(line -> line.startsWith("Java"))
                .anyMatch(line -> line.startsWith("24x20 map of class "))
                .contains("without org.nd4j.linalg.factory.Nd4j", "the same maps");
    }

    @Test
    void onAnotherProcessorTheWeightsArePackedAgainUnlessTheModelIsLean() throws Exception {
        Path whole = folder.resolve("whole.cam4j");
        Path lean = folder.resolve("lean.cam4j");
        Path photo = resource("/photos/colour444.jpg");
        ActivationMap expected;
        String other;
        try (ClassActivationMapper mapper = mapper(PlannedNetworks.VGG)) {
            mapper.save(whole);
            mapper.saveLean(lean);
            expected = mapper.explain(photo).map();
            other = mapper.engine().contains("AVX-512") ? "AVX2" : "SSE41";
        }

        Process application = start(other, whole, photo, folder);
        String output = output(application);
        Process refused = start(other, lean, photo, folder);
        String refusal = output(refused);

        assertThat(application.waitFor()).as(output).isZero();
        ActivationMap map = Explanation.load(folder.resolve("explanation.npz")).map();
        assertThat(map.prediction().index()).isEqualTo(expected.prediction().index());
        assertThat(Closeness.relative(map.toArray(), expected.toArray())).isLessThan(1e-5);
        assertThat(refused.waitFor()).isNotZero();
        assertThat(refusal)
                .contains("is lean: it holds its weights only as they were packed for oneDNN 2.5.2")
                .contains("and here is oneDNN 2.5.2")
                .contains("without --lean");
    }

    @Test
    void withoutOneDnnsNativesTooItRunsInPlainJavaAndSaysWhatIsMissing() throws Exception {
        Path model = folder.resolve("model.cam4j");
        try (ClassActivationMapper mapper = mapper(PlannedNetworks.VGG)) {
            mapper.save(model);
        }
        List<Path> jars = neededJars().stream()
                .filter(jar -> !jar.getFileName().toString().matches("dnnl-.*-(linux|windows|macosx)-.*"))
                .toList();

        Process application = start(PreparedOnly.class, jars, "ALL", model, resource("/photos/colour444.jpg"), folder);
        String output = output(application);

        assertThat(output).contains("| Java", "oneDNN is not on the classpath", "ND4J");
        assertThat(application.waitFor()).isZero();
    }

    @Test
    void itsJarsAreAtMost25Megabytes() throws IOException {
        long bytes = 0;
        for (Path jar : neededJars()) {
            bytes += Files.size(jar);
        }

        // cam-core's own jar comes on top: its classes are a folder here.
        long own;
        Path classes = classpath().stream()
                .filter(entry -> entry.endsWith(Path.of("target", "classes")))
                .findFirst()
                .orElseThrow();
        try (Stream<Path> files = Files.walk(classes)) {
            own = files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
        assertThat(bytes + own).isBetween(15 * MEGABYTE, 25 * MEGABYTE);
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(PreparedClasspathTest.class.getResource(name).toURI());
    }
}
