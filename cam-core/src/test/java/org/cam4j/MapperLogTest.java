package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cam4j.image.Preprocessing;
import org.cam4j.keras.KerasModels;
import org.cam4j.training.export.KerasExport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

/** What an application's log says at INFO, in a process of its own: loggers keep their level. */
class MapperLogTest {

    /** Opens a Keras file and exports its network, as applications do. */
    static final class Application {

        public static void main(String[] arguments) {
            if (Boolean.getBoolean("nd4j.first")) {
                Nd4j.zeros(1);
            }
            if (arguments.length == 2) {
                KerasExport.write(KerasModels.load(Path.of(arguments[0])).graph(), 32, 32, Path.of(arguments[1]));
                KerasModels.read(Path.of(arguments[1]));
                return;
            }
            ClassActivationMapper.fromKeras(Path.of(arguments[0]))
                    .preprocessing(Preprocessing.TF)
                    .threads(2)
                    .build()
                    .close();
        }
    }

    private static List<String> log(String... settings) throws Exception {
        return log(List.of(settings), List.of());
    }

    private static List<String> log(List<String> settings, List<String> arguments) throws Exception {
        Path model = Path.of(
                MapperLogTest.class.getResource("/keras/models/mini_gap/k3.h5").toURI());
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(settings);
        command.addAll(List.of(
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Application.class.getName(),
                model.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY"));
        Process application = builder.start();
        String output = new String(application.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(application.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    @Test
    void aMapperIsOneLineWithModelEngineThreadsAndHeadAndLibrariesAreSilent() throws Exception {
        assertThat(log())
                .singleElement()
                .asString()
                .contains("INFO org.cam4j.ClassActivationMapper - 'k3.h5' runs on ", "2 threads")
                .containsPattern("\\d+ classes of '\\w+', maps \\d+x\\d+ of '\\w+'");
    }

    @Test
    void anExportedFileIsWrittenAndReadWithoutALine(@TempDir Path folder) throws Exception {
        assertThat(log(List.of(), List.of(folder.resolve("exported.h5").toString())))
                .isEmpty();
        assertThat(folder.resolve("exported.h5")).isNotEmptyFile();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nd4jThatWasUsedFirstIsWarnedOf() throws Exception {
        assertThat(log("-Dnd4j.first=true"))
                .filteredOn(line -> line.contains("WARN org.cam4j."))
                .singleElement()
                .asString()
                .contains("was used before cam4j", "GOMP_SPINCOUNT=10000", "OMP_WAIT_POLICY=active");
    }

    @Test
    void levelsThatTheApplicationSetsStay() throws Exception {
        assertThat(log("-Dorg.slf4j.simpleLogger.log.io.jhdf=info"))
                .anyMatch(line -> line.contains("INFO io.jhdf."))
                .noneMatch(line -> line.contains("INFO org.nd4j."));
        assertThat(log("-Dorg.slf4j.simpleLogger.defaultLogLevel=debug"))
                .anyMatch(line -> line.contains("INFO io.jhdf."))
                .anyMatch(line -> line.contains("INFO org.nd4j."));
    }
}
