package org.cam4j;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A photo that is no file: an upload, a row of a database, an entry of an archive. For {@link PhotoExplainer#explainNamed}.
 *
 * @param name what results and messages call it
 * @param content opens the encoded picture, once; called when the photo's turn comes, on a thread of the pipeline, and closed there
 */
public record NamedPhoto(String name, Supplier<InputStream> content) {

    /** @throws NullPointerException if one is null */
    public NamedPhoto {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(content, "content");
    }

    /**
     * Names a photo in memory.
     *
     * @param name what results and messages call it
     * @param photo an encoded picture; not copied
     * @return the photo
     */
    public static NamedPhoto of(String name, byte[] photo) {
        Objects.requireNonNull(photo, "photo");
        return new NamedPhoto(name, () -> new ByteArrayInputStream(photo));
    }

    /** The name as a path, for results; characters that no path may have here become {@code _}. */
    Path path() {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            return Path.of(name.replaceAll("[^\\p{Alnum}._ -]", "_"));
        }
    }
}
