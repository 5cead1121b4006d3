package org.cam4j.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What Keras computed with a small model: {@code golden/NAME.k2.*} or {@code golden/NAME.k3.*} beside {@code models/NAME/} in the
 * test resources. The input is the same for both.
 *
 * @param name the model's name, such as {@code mini_gap}
 * @param model the model file
 * @param layer the layer that {@link #activation()} is of
 * @param x input of the model
 * @param y first output of the model
 * @param activation output of the layer
 */
public record Golden(String name, Path model, String layer, INDArray x, INDArray y, INDArray activation) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What Keras 2 computed.
     *
     * @param name the model's name
     * @return its file, an input and the outputs
     */
    public static Golden keras2(String name) {
        return of(name, "k2.h5");
    }

    /**
     * What one version of Keras computed.
     *
     * @param name the model's name
     * @param file {@code k2.h5}, {@code k2.keras}, {@code k3.h5} or {@code k3.keras}
     * @return the file, an input and the outputs
     */
    public static Golden of(String name, String file) {
        return read(name, file.substring(0, 2), file);
    }

    /**
     * A file of the test resources.
     *
     * @param name its path there, such as {@code /keras/models/mini_gap/k2.h5}
     * @return the file
     */
    public static Path resource(String name) {
        URL url = Golden.class.getResource(name);
        if (url == null) {
            throw new IllegalArgumentException("no test resource " + name);
        }
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    /**
     * How far one array is from another.
     *
     * @param found the array in question
     * @param expected the reference, of the same shape
     * @return {@code |found - expected| / |expected|} in the Euclidean norm
     */
    public static double distance(INDArray found, INDArray expected) {
        if (!found.equalShapes(expected)) {
            throw new AssertionError(found.shapeInfoToString() + " is not " + expected.shapeInfoToString());
        }
        return found.sub(expected).norm2Number().doubleValue()
                / expected.norm2Number().doubleValue();
    }

    private static Golden read(String name, String version, String file) {
        try {
            JsonNode json =
                    JSON.readTree(resource(expected(name, version, "json")).toFile());
            return new Golden(
                    name,
                    resource("/keras/models/" + name + "/" + file),
                    json.path("act").asText(),
                    array("/keras/golden/" + name + ".k2.x.bin", json.path("x")),
                    array(expected(name, version, "y.bin"), json.path("y")),
                    array(expected(name, version, "act.bin"), json.path("a")));
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the golden files of " + name, e);
        }
    }

    /** A file of Keras 3 is there only where it differs from Keras 2's. */
    private static String expected(String name, String version, String ending) {
        String own = "/keras/golden/" + name + "." + version + "." + ending;
        return Golden.class.getResource(own) != null ? own : "/keras/golden/" + name + ".k2." + ending;
    }

    /** Little-endian float32, row-major. */
    private static INDArray array(String name, JsonNode sizes) throws IOException {
        long[] shape = new long[sizes.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = sizes.get(i).asLong();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(resource(name))).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return Nd4j.create(values, shape, 'c');
    }

    /** For the name of a parameterized test. */
    @Override
    public String toString() {
        return name;
    }
}
