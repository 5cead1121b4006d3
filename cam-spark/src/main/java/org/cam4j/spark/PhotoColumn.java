package org.cam4j.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.cam4j.exception.PhotoException;
import org.cam4j.exception.Quoted;
import org.cam4j.image.DecodedPhoto;
import org.cam4j.image.PhotoReader;

/**
 * The column of photos, and the one of their names.
 *
 * @param kind what the column holds
 * @param index the column's place in rows
 * @param nameIndex the place of the photos' names; empty if they have none
 * @param hadoop how executors open paths
 */
record PhotoColumn(Kind kind, int index, OptionalName nameIndex, SerializableConfiguration hadoop)
        implements Serializable {

    /** What {@link PhotoColumn#kind} may be. */
    enum Kind {
        /** Encoded photos, as Spark's source {@code binaryFile} reads them. */
        CONTENT,
        /** Spark's image structs: decoded photos, as its source {@code image} reads them. */
        IMAGE,
        /** Paths or addresses of files that the executors open. */
        PATH
    }

    /** The place of a column that may be absent; {@link OptionalInt} is not serializable. */
    record OptionalName(int index) implements Serializable {
        static final OptionalName NONE = new OptionalName(-1);

        boolean isPresent() {
            return index >= 0;
        }
    }

    /**
     * Finds out what a column holds.
     *
     * @throws IllegalArgumentException if it holds no photos
     */
    static Kind kind(String column, DataType type) {
        if (type.equals(DataTypes.BinaryType)) {
            return Kind.CONTENT;
        }
        if (type.equals(DataTypes.StringType)) {
            return Kind.PATH;
        }
        if (type instanceof StructType struct
                && Arrays.asList(struct.fieldNames()).containsAll(ImageStruct.FIELDS)) {
            return Kind.IMAGE;
        }
        throw new IllegalArgumentException("the column " + Quoted.of(column) + " holds " + type.simpleString()
                + ", no photos: give bytes (the column content of the source binaryFile), an image struct, or paths.");
    }

    static PhotoColumn of(StructType schema, String column, String nameColumn, Configuration hadoop) {
        boolean hasNames = Arrays.asList(schema.fieldNames()).contains(nameColumn);
        return new PhotoColumn(
                kind(column, schema.apply(column).dataType()),
                schema.fieldIndex(column),
                hasNames ? new OptionalName(schema.fieldIndex(nameColumn)) : OptionalName.NONE,
                new SerializableConfiguration(hadoop));
    }

    /** A column alone, without names. */
    static PhotoColumn of(Kind kind, Configuration hadoop) {
        return new PhotoColumn(kind, 0, OptionalName.NONE, new SerializableConfiguration(hadoop));
    }

    /** A photo's name in messages. */
    String name(Row row) {
        if (kind == Kind.PATH && !row.isNullAt(index)) {
            return row.getString(index);
        }
        if (nameIndex.isPresent() && !row.isNullAt(nameIndex.index())) {
            return String.valueOf(row.get(nameIndex.index()));
        }
        return kind == Kind.IMAGE && !row.isNullAt(index) ? ImageStruct.name(row.getStruct(index)) : "image";
    }

    /**
     * Decodes a row's photo.
     *
     * @param reader of encoded photos
     * @param maxPixels of image structs
     * @throws PhotoException if it cannot be read
     */
    DecodedPhoto photo(Row row, String name, PhotoReader reader, long maxPixels) {
        if (row.isNullAt(index)) {
            throw new PhotoException("photo " + Quoted.of(name) + " is null: leave such rows out.");
        }
        return switch (kind) {
            case CONTENT -> reader.decode(row.<byte[]>getAs(index), name);
            case IMAGE -> DecodedPhoto.of(ImageStruct.photo(row.getStruct(index), name, maxPixels));
            case PATH -> opened(row.getString(index), reader);
        };
    }

    private DecodedPhoto opened(String address, PhotoReader reader) {
        try {
            Path path = new Path(address);
            FileSystem files = withoutChecksums(path.getFileSystem(hadoop.value()));
            FileStatus status = files.getFileStatus(path);
            if (status.isDirectory()) {
                throw new PhotoException(
                        "photo " + Quoted.of(address) + " is a directory: give the path of a picture in it.");
            }
            if (status.getLen() > Integer.MAX_VALUE) {
                throw new PhotoException("photo " + Quoted.of(address) + " has " + status.getLen()
                        + " bytes, more than 2 GiB: shrink it.");
            }
            try (InputStream in = files.open(path)) {
                return reader.decode(in, address);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new PhotoException(
                    "photo " + Quoted.of(address) + " cannot be opened (" + e + "): check its path.", e);
        }
    }

    /** Spares the look for a file of checksums beside each local photo: 0.2 ms of 10. */
    private static FileSystem withoutChecksums(FileSystem files) {
        return files instanceof ChecksumFileSystem local ? local.getRawFileSystem() : files;
    }
}
