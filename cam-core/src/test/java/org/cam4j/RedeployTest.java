package org.cam4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.cam4j.image.Preprocessing;
import org.junit.jupiter.api.Test;

/** Applications that come and go in one process, each with a class loader of its own, as in a servlet container. */
class RedeployTest {

    /** Explains a photo by a Keras model; without {@code shutDown} it leaves the libraries' threads behind. */
    public static final class Application {

        public static void main(String[] arguments) {
            try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(Path.of(arguments[0]))
                    .preprocessing(Preprocessing.TF)
                    .build()) {
                System.out.println(mapper.explain(Path.of(arguments[1])));
            }
            if (Boolean.parseBoolean(arguments[2])) {
                ClassActivationMapper.shutDown();
            }
        }
    }

    /** Starts the application three times; prints which of the class loaders are still in memory at the end. */
    static final class Container {

        private static final int STARTS = 3;
        private static final int COLLECTIONS = 15;

        public static void main(String[] arguments) throws Exception {
            ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
            List<Reference<ClassLoader>> left = new ArrayList<>();
            for (int start = 0; start < STARTS; start++) {
                left.add(reference(arguments, collected));
            }
            List<Reference<ClassLoader>> all = List.copyOf(left);
            for (int i = 0; i < COLLECTIONS && !left.isEmpty(); i++) {
                System.gc();
                left.remove(collected.remove(20));
            }
            System.out.println("left: " + left.stream().map(all::indexOf).toList());
        }

        /** In a method of its own: no variable of the loop may keep the class loader. */
        private static Reference<ClassLoader> reference(String[] arguments, ReferenceQueue<ClassLoader> collected)
                throws Exception {
            return new WeakReference<>(started(arguments), collected);
        }

        private static ClassLoader started(String[] arguments) throws Exception {
            List<URL> entries = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator), -1)) {
                entries.add(Path.of(entry).toUri().toURL());
            }
            Thread thread = Thread.currentThread();
            ClassLoader own = thread.getContextClassLoader();
            try (URLClassLoader loader =
                    new URLClassLoader(entries.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                thread.setContextClassLoader(loader);
                loader.loadClass(Application.class.getName())
                        .getMethod("main", String[].class)
                        .invoke(null, (Object) arguments);
                return loader;
            } finally {
                thread.setContextClassLoader(own);
            }
        }
    }

    private static String run(boolean shutsDown) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.awt.headless=true",
                // Soft references at once: caches of Java's own reflection.
                "-XX:SoftRefLRUPolicyMSPerMB=0",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Container.class.getName(),
                resource("/keras/models/mini_gap/k3.h5"),
                resource("/photos/colour444.jpg"),
                String.valueOf(shutsDown));
        Process container =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(container.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(container.waitFor()).as(output).isZero();
        return output;
    }

    private static String resource(String name) throws Exception {
        return Path.of(RedeployTest.class.getResource(name).toURI()).toString();
    }

    @Test
    void afterShutDownTheClassLoadersAreCollected() throws Exception {
        String output = run(true);

        assertThat(output.lines().filter(line -> line.startsWith("colour444.jpg: ")))
                .hasSize(3);
        if (Runtime.version().feature() >= 24) {
            assertThat(output.lines()).contains("left: []");
        } else {
            // Java itself keeps two there: the one that first used its registry of picture formats (an access control
            // context), and the
            // one that last compared records (a constant of java.lang.runtime.ObjectMethods). What came between is
            // collected.
            assertThat(output.lines()).containsAnyOf("left: []", "left: [0]", "left: [2]", "left: [0, 2]");
        }
    }

    @Test
    void withoutItTheLibrariesThreadsKeepEachOfThem() throws Exception {
        assertThat(run(false).lines()).contains("left: [0, 1, 2]");
    }
}
