package org.cam4j.keras.hdf5;

import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.filter.PipelineFilterWithData;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.cam4j.exception.ModelFileException;
import org.cam4j.exception.Quoted;

/**
 * Checks a dataset's chunks before jHDF unpacks them. All chunks must be present, as a missing one reads as zeros; none may be larger than
 * declared, as a bomb would fill the memory.
 */
final class Chunks {

    private static final int DEFLATE = 1;
    private static final int SHUFFLE = 2;
    private static final int FLETCHER32 = 3;
    private static final int LZF = 32_000;

    /** Largest overhang of a chunk beyond a small dataset, in bytes. */
    private static final long OVERHANG = 1 << 20;

    private Chunks() {}

    static void check(ChunkedDataset dataset) {
        int[] shape = dataset.getDimensions();
        int[] chunk = dataset.getChunkDimensions();
        if (chunk.length != shape.length) {
            throw damaged(dataset, "chunks of " + chunk.length + " axes");
        }
        long bytes = dataset.getDataType().getSize();
        for (int size : chunk) {
            if (size < 1) {
                throw damaged(dataset, "chunks of the size " + size);
            }
            bytes = Math.multiplyExact(bytes, size);
        }
        if (bytes > dataset.getSizeInBytes() + OVERHANG) {
            throw damaged(dataset, "chunks of " + bytes + " bytes");
        }
        BTreeCheck.checkChunks(dataset);
        boolean deflated = checkFilters(dataset, bytes);
        int[] offset = new int[shape.length];
        do {
            ByteBuffer raw = dataset.getRawChunkBuffer(offset);
            if (deflated) {
                checkInflated(dataset, raw, bytes);
            } else if (raw.remaining() > bytes + Integer.BYTES) {
                throw damaged(dataset, "a chunk of " + raw.remaining() + " bytes");
            }
        } while (advance(offset, chunk, shape));
    }

    /** Steps to the next chunk, last axis fastest; returns false after the last chunk. */
    private static boolean advance(int[] offset, int[] chunk, int[] shape) {
        for (int axis = offset.length - 1; axis >= 0; axis--) {
            offset[axis] += chunk[axis];
            if (offset[axis] < shape[axis]) {
                return true;
            }
            offset[axis] = 0;
        }
        return false;
    }

    /** Whether chunks are deflated. Refuses filters and sizes that Keras and h5py do not write. */
    private static boolean checkFilters(ChunkedDataset dataset, long bytes) {
        List<PipelineFilterWithData> filters = dataset.getFilters();
        int compressors = 0;
        boolean deflated = false;
        for (PipelineFilterWithData filter : filters) {
            switch (filter.getId()) {
                case DEFLATE -> {
                    compressors++;
                    deflated = true;
                }
                case LZF -> {
                    compressors++;
                    if (filter.getFilterData().length < 3 || filter.getFilterData()[2] != bytes) {
                        throw damaged(dataset, "lzf chunks of another size than " + bytes + " bytes");
                    }
                }
                case SHUFFLE, FLETCHER32 -> {
                    // Does not change the size.
                }
                default ->
                    throw new ModelFileException("the dataset " + Quoted.of(dataset.getPath()) + " is packed by '"
                            + filter.getName() + "': gzip and lzf are read. Save the model with model.save(...).");
            }
        }
        if (compressors > 1) {
            throw damaged(dataset, compressors + " compressors");
        }
        return deflated;
    }

    private static void checkInflated(ChunkedDataset dataset, ByteBuffer raw, long bytes) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(raw);
            byte[] sink = new byte[1 << 16];
            while (!inflater.finished() && inflater.getBytesWritten() <= bytes) {
                if (inflater.inflate(sink) == 0 && !inflater.finished()) {
                    throw damaged(dataset, "a chunk that ends early");
                }
            }
            if (inflater.getBytesWritten() != bytes) {
                throw damaged(dataset, "a chunk that unpacks to another size than " + bytes + " bytes");
            }
        } catch (DataFormatException e) {
            throw new ModelFileException(
                    "the dataset " + Quoted.of(dataset.getPath()) + " cannot be unpacked, " + e.getMessage()
                            + ". The file is damaged: copy or save it again.",
                    e);
        } finally {
            inflater.end();
        }
    }

    private static ModelFileException damaged(ChunkedDataset dataset, String found) {
        return new ModelFileException("the dataset " + Quoted.of(dataset.getPath()) + " of the shape "
                + TensorShape.of(dataset.getDimensions()) + " has " + found + ": the file is damaged or hostile.");
    }
}
