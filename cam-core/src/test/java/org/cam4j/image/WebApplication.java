package org.cam4j.image;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * A program whose photos are read as in a web application: cam4j and its jars are known to a class loader below the system's, and the
 * thread that uses ImageIO first has another one as its context.
 */
final class WebApplication {

    private WebApplication() {}

    /** An application's class loader. */
    private static final class Application extends URLClassLoader {

        private final boolean hasServices;

        Application(URL[] jars, boolean hasServices) {
            super(jars, ClassLoader.getPlatformClassLoader());
            this.hasServices = hasServices;
        }

        /** As in a jar that was put together without merging its services. */
        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.startsWith("META-INF/services/") && !hasServices
                    ? Collections.emptyEnumeration()
                    : super.getResources(name);
        }
    }

    /**
     * Reads photos; prints one line for each: {@code NAME WIDTHxHEIGHT} or {@code NAME: REFUSAL}.
     *
     * @param arguments the class path of the application; its context class loader: {@code null}, {@code foreign} or {@code
     *     own}; {@code services} or {@code none}; the photos
     */
    public static void main(String... arguments) throws Exception {
        List<URL> jars = new ArrayList<>();
        for (String entry : arguments[0].split(File.pathSeparator, -1)) {
            jars.add(Path.of(entry).toUri().toURL());
        }
        try (Application application = new Application(jars.toArray(URL[]::new), arguments[2].equals("services"));
                URLClassLoader foreign = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            Thread pool = new Thread(() -> {
                for (String photo : Arrays.copyOfRange(arguments, 3, arguments.length)) {
                    System.out.println(line(application, Path.of(photo)));
                }
            });
            pool.setContextClassLoader(
                    switch (arguments[1]) {
                        case "null" -> null;
                        case "foreign" -> foreign;
                        default -> application;
                    });
            pool.start();
            pool.join();
        }
    }

    private static String line(ClassLoader application, Path photo) {
        try {
            Class<?> type = application.loadClass("org.cam4j.image.PhotoReader");
            Object reader = type.getMethod("standard").invoke(null);
            BufferedImage image = (BufferedImage)
                    type.getMethod("read", byte[].class).invoke(reader, (Object) Files.readAllBytes(photo));
            return photo.getFileName() + " " + image.getWidth() + "x" + image.getHeight();
        } catch (InvocationTargetException e) {
            return photo.getFileName() + ": " + e.getCause();
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
