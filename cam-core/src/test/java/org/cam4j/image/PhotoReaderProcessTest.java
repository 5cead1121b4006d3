package org.cam4j.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What depends on the whole process: class loaders, the jars on the class path, the size of the heap. */
class PhotoReaderProcessTest {

    private static final String NEEDED =
            "(imageio-(core|metadata|jpeg|tiff|webp)|common-(image|io|lang)|metadata-extractor|xmpcore|slf4j-api)-\\d.*\\.jar";

    @TempDir
    private Path folder;

    private static Path home(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static String jars(Predicate<String> kept) throws URISyntaxException {
        String whole = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> entries = new ArrayList<>(List.of(home(PhotoReader.class).toString()));
        Arrays.stream(whole.split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches(NEEDED))
                .filter(kept)
                .forEach(entries::add);
        return String.join(File.pathSeparator, entries);
    }

    private static List<String> lines(List<String> options, Class<?> program, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Djava.awt.headless=true");
        command.addAll(options);
        command.add(program.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().filter(line -> !line.startsWith("SLF4J")).toList();
    }

    private static List<String> photos(String... names) throws URISyntaxException {
        List<String> photos = new ArrayList<>();
        for (String name : names) {
            photos.add(Path.of(PhotoReaderProcessTest.class
                            .getResource("/photos/" + name)
                            .toURI())
                    .toString());
        }
        return photos;
    }

    private static List<String> inWebApplication(String jars, String context, String services, String... names)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(jars, context, services));
        arguments.addAll(photos(names));
        return lines(List.of("-cp", home(WebApplication.class).toString()), WebApplication.class, arguments);
    }

    @ParameterizedTest
    @CsvSource({"null, services", "foreign, services", "foreign, none", "own, none"})
    void allFormatsAreReadWhateverTheContextClassLoaderAndTheServices(String context, String services)
            throws Exception {
        assertThat(inWebApplication(
                        jars(jar -> true),
                        context,
                        services,
                        "lossy.webp",
                        "lossless.webp",
                        "animated.webp",
                        "lzw.tif",
                        "jpeg.tif",
                        "cmyk.jpg",
                        "progressive.jpg",
                        "colour.png",
                        "palette.gif",
                        "colour.bmp"))
                .hasSize(10)
                .allMatch(line -> line.endsWith(" 23x17"), "is read");
    }

    @Test
    void jarsThatDoNotFitEachOtherFailTheirPhotosAndNoOthers() throws Exception {
        String withoutOne = jars(jar -> !jar.contains("imageio-metadata"));

        List<String> lines = inWebApplication(withoutOne, "own", "services", "colour444.jpg", "colour.png");

        assertThat(lines.get(0))
                .contains("PhotoException")
                .contains("the jars of com.twelvemonkeys.imageio")
                .contains("do not fit each other");
        assertThat(lines.get(1)).isEqualTo("colour.png 23x17");
    }

    @Test
    void aPhotoThatDoesNotFitIntoTheHeapIsRefusedAndThoseAfterItAreRead() throws Exception {
        Path photo = write(new BufferedImage(2000, 1000, BufferedImage.TYPE_INT_RGB), "photo.png");
        Path large = write(new BufferedImage(4000, 3000, BufferedImage.TYPE_BYTE_GRAY), "large.png");
        String classpath = jars(jar -> true) + File.pathSeparator + home(SmallHeap.class);

        List<String> lines = lines(
                List.of("-Xmx48m", "-XX:+UseSerialGC", "-cp", classpath),
                SmallHeap.class,
                List.of(photo.toString(), large.toString()));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(0))
                .contains("large.png' has 4000x3000 = 12000000 pixels and takes 58 MB while it is read")
                .contains("of a heap of 47 MB")
                .contains("-Xmx66m");
        assertThat(lines.get(1)).isEqualTo("2000 columns");
        assertThat(lines.get(2)).contains("photo.png' takes more memory than is free in a heap of 47 MB: shrink it");
        assertThat(lines.get(3)).isEqualTo("2000 columns");
    }

    private Path write(BufferedImage image, String name) throws IOException {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream();
        ImageIO.write(image, "png", encoded);
        return Files.write(folder.resolve(name), encoded.toByteArray());
    }
}
