package org.cam4j.spark;

import java.io.Serializable;
import java.util.Objects;

/**
 * A photo of an application's own collection, for {@link PhotoFunction}.
 *
 * @param name what results and messages call it
 * @param content an encoded picture; not copied
 */
public record NamedPhoto(String name, byte[] content) implements Serializable {

    public NamedPhoto {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(content, "content");
    }
}
