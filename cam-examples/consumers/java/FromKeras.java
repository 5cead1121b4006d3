import java.nio.file.Path;
import java.util.List;
import org.cam4j.ClassActivationMapper;
import org.cam4j.image.Preprocessing;

/** An application with the README's dependencies: explains pictures with a Keras model, and prepares it for the other one. */
final class FromKeras {

    private FromKeras() {}

    /** Takes the Keras model, the folder of pictures and where the prepared model goes. */
    public static void main(String[] arguments) throws Exception {
        List<Path> pictures = Photos.in(Path.of(arguments[1]));
        Photos.requireRead(pictures);
        try (ClassActivationMapper mapper = ClassActivationMapper.fromKeras(Path.of(arguments[0]))
                .preprocessing(Preprocessing.TF)
                .build()) {
            Photos.requireExplained(mapper, pictures);
            mapper.save(Path.of(arguments[2]));
        }
    }
}
