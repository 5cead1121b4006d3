package org.cam4j.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.cam4j.door.ModelDoor;
import org.cam4j.door.OpenedModel;

/** Opens ONNX files for {@code ClassActivationMapper.from}. */
public final class OnnxDoor implements ModelDoor {

    /** The tag of the version of the format, which exporters write first. */
    private static final int VERSION_TAG = 0x08;

    private static final int LATEST_VERSION = 32;

    /** Tags of the fields that follow: producer, its version, domain, model version, graph, opsets. */
    private static final String NEXT_TAGS = "\u0012\u001a\"(2:B";

    /** For the service loader. */
    public OnnxDoor() {}

    /** Tells whether a file begins as exporters begin ONNX files, or is named {@code .onnx} and is no HDF5 or zip file. */
    @Override
    public boolean opens(Path file) {
        if (!Files.isRegularFile(file)) {
            return isNamedSo(file);
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] first = stream.readNBytes(4);
            if (isHdf5OrZip(first)) {
                return false;
            }
            return begins(first) || isNamedSo(file);
        } catch (IOException e) {
            // Refused when it is opened.
            return isNamedSo(file);
        }
    }

    private static boolean begins(byte[] first) {
        return first.length > 2
                && first[0] == VERSION_TAG
                && first[1] > 0
                && first[1] < LATEST_VERSION
                && NEXT_TAGS.indexOf(first[2]) >= 0;
    }

    private static boolean isHdf5OrZip(byte[] first) {
        return first.length == 4
                && ((first[0] == (byte) 0x89 && first[1] == 'H' && first[2] == 'D' && first[3] == 'F')
                        || (first[0] == 'P' && first[1] == 'K' && first[2] == 3 && first[3] == 4));
    }

    private static boolean isNamedSo(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx");
    }

    @Override
    public boolean opens(byte[] model) {
        byte[] first = Arrays.copyOf(model, Math.min(model.length, 4));
        return !isHdf5OrZip(first) && begins(first);
    }

    @Override
    public OpenedModel open(byte[] model) {
        return OnnxModel.read(model);
    }

    @Override
    public OpenedModel open(Path file) {
        return OnnxModel.read(file);
    }
}
