package org.cam4j.image;

import com.twelvemonkeys.imageio.plugins.jpeg.JPEGImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.BigTIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageReader;
import javax.imageio.spi.IIORegistry;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.spi.ServiceRegistry;
import javax.imageio.stream.ImageInputStream;

/**
 * The decoders, by name and not through ImageIO's search for plug-ins: that search goes by the context class loader of the thread that
 * happens to use ImageIO first, and an application's further plug-ins would give other pixels for the same file.
 */
final class PictureReaders {

    /** Java's own decoders that are used as they are. */
    private static final Set<String> OF_JAVA = Set.of("png", "gif", "bmp");

    private static List<ImageReaderSpi> readers;

    private PictureReaders() {}

    /**
     * The decoder of a picture's format.
     *
     * @param stream at the start of the picture, and left there
     * @return a reader without input; dispose it
     */
    static Optional<ImageReader> of(ImageInputStream stream) throws IOException {
        for (ImageReaderSpi provider : all()) {
            if (canDecode(provider, stream)) {
                return Optional.of(provider.createReaderInstance());
            }
        }
        return Optional.empty();
    }

    /** Some decoders look at eight bytes, and throw where a file has fewer. */
    private static boolean canDecode(ImageReaderSpi provider, ImageInputStream stream) throws IOException {
        long start = stream.getStreamPosition();
        try {
            return provider.canDecodeInput(stream);
        } catch (EOFException e) {
            stream.seek(start);
            return false;
        }
    }

    /** The decoder of lossless WebP. */
    static ImageReader ofWebp() throws IOException {
        return new WebPImageReaderSpi().createReaderInstance(null);
    }

    private static synchronized List<ImageReaderSpi> all() {
        if (readers == null) {
            readers = find();
        }
        return readers;
    }

    private static List<ImageReaderSpi> find() {
        // A registry of our own: the JPEG decoder looks in it for Java's, which it builds on.
        ServiceRegistry registry =
                new ServiceRegistry(List.<Class<?>>of(ImageReaderSpi.class).iterator());
        List<ImageReaderSpi> found = new ArrayList<>();
        Iterator<ImageReaderSpi> installed = registry().getServiceProviders(ImageReaderSpi.class, true);
        while (installed.hasNext()) {
            ImageReaderSpi provider = installed.next();
            if (provider.getClass().getModule() == ImageReaderSpi.class.getModule()) {
                registry.registerServiceProvider(provider);
                if (Arrays.stream(provider.getFormatNames()).anyMatch(OF_JAVA::contains)) {
                    found.add(provider);
                }
            }
        }
        for (ImageReaderSpi provider :
                List.of(new JPEGImageReaderSpi(), new TIFFImageReaderSpi(), new BigTIFFImageReaderSpi())) {
            registry.registerServiceProvider(provider);
            found.add(provider);
        }
        return List.copyOf(found);
    }

    /** Java's registry. Its first use keeps the thread's context class loader for ever, which must not be the application's. */
    private static IIORegistry registry() {
        Thread thread = Thread.currentThread();
        ClassLoader own = thread.getContextClassLoader();
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        try {
            return IIORegistry.getDefaultInstance();
        } finally {
            thread.setContextClassLoader(own);
        }
    }
}
