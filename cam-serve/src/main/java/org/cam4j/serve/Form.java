package org.cam4j.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.jetty.http.MultiPart;
import org.eclipse.jetty.http.MultiPartFormData;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;

/**
 * A request's photo and parameters: a raw body with a query, or a form of several parts (RFC 7578).
 *
 * @param photo the encoded picture
 * @param name of its file; {@code image} if none is given
 * @param parameters all values of each
 */
record Form(byte[] photo, String name, Map<String, List<String>> parameters) {

    private static final String MULTIPART = "multipart/form-data";

    /** The part with the photo. */
    private static final String PHOTO = "photo";

    private static final String NAME = "name";
    private static final String UNNAMED = "image";
    private static final int LONGEST_NAME = 200;
    private static final int PARTS = 100;

    /** Whether a body of this type can hold a photo. */
    static boolean isReadable(String type) {
        String kind = kind(type);
        return kind.equals(MULTIPART) || kind.startsWith("image/") || kind.equals("application/octet-stream");
    }

    private static String kind(String type) {
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /**
     * Takes a body apart.
     *
     * @param type the body's media type, {@linkplain #isReadable readable}
     * @throws Problem if it has no photo, or is no form
     */
    static Form of(byte[] body, String type, Fields query) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (Fields.Field field : query) {
            parameters
                    .computeIfAbsent(field.getName(), missing -> new ArrayList<>())
                    .addAll(field.getValues());
        }
        Optional<String> named = Optional.ofNullable(parameters.remove(NAME)).map(values -> values.get(0));
        if (!kind(type).equals(MULTIPART)) {
            return new Form(requirePhoto(body), fileName(named), parameters);
        }
        byte[] photo = null;
        Optional<String> fileName = Optional.empty();
        try (MultiPartFormData.Parts parts = parts(body, type)) {
            for (MultiPart.Part part : parts) {
                if (PHOTO.equals(part.getName())) {
                    if (photo != null) {
                        throw Problem.badRequest("the form has two parts called 'photo': send one photo in a request.");
                    }
                    photo = bytes(part);
                    fileName = Optional.ofNullable(part.getFileName());
                } else {
                    parameters
                            .computeIfAbsent(String.valueOf(part.getName()), missing -> new ArrayList<>())
                            .add(new String(bytes(part), StandardCharsets.UTF_8));
                }
            }
        }
        if (photo == null) {
            throw Problem.badRequest("the form has no part called 'photo': send the picture's file under this name.");
        }
        named = Optional.ofNullable(parameters.remove(NAME))
                .map(values -> values.get(0))
                .or(() -> named(query));
        return new Form(requirePhoto(photo), fileName(named.isPresent() ? named : fileName), parameters);
    }

    private static Optional<String> named(Fields query) {
        return Optional.ofNullable(query.getValue(NAME));
    }

    private static byte[] requirePhoto(byte[] photo) {
        if (photo.length == 0) {
            throw Problem.badRequest("the request holds no photo: send the bytes of a picture's file.");
        }
        return photo;
    }

    /** The last part of a path of any system, cut to a length that files may have. */
    private static String fileName(Optional<String> given) {
        String name = given.map(path -> path.replaceFirst("(?s)^.*[/\\\\]", "")).orElse(UNNAMED);
        if (name.isBlank()) {
            return UNNAMED;
        }
        return name.codePointCount(0, name.length()) <= LONGEST_NAME
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_NAME));
    }

    private static MultiPartFormData.Parts parts(byte[] body, String type) {
        String boundary = MultiPart.extractBoundary(type);
        if (boundary == null) {
            throw Problem.badRequest("the form's Content-Type names no boundary: let the HTTP library set it.");
        }
        MultiPartFormData.Parser parser = new MultiPartFormData.Parser(boundary);
        // In memory, where the body is already: no part becomes a file.
        parser.setMaxMemoryFileSize(-1);
        parser.setUseFilesForPartsWithoutFileName(false);
        parser.setMaxLength(-1);
        parser.setMaxParts(PARTS);
        try {
            CompletableFuture<MultiPartFormData.Parts> parts = new CompletableFuture<>();
            parser.parse(Content.Source.from(ByteBuffer.wrap(body)), Promise.Invocable.toPromise(parts));
            return parts.join();
        } catch (CompletionException | IllegalArgumentException | IllegalStateException e) {
            throw Problem.badRequest("the body is no form of several parts, or a damaged one: check how it is sent.");
        }
    }

    private static byte[] bytes(MultiPart.Part part) {
        try {
            ByteBuffer content = Content.Source.asByteBuffer(part.createContentSource());
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw Problem.badRequest("the form's part '" + part.getName() + "' cannot be read: check how it is sent.");
        }
    }
}
