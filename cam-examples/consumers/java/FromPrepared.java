import java.nio.file.Path;
import java.util.List;
import org.cam4j.ClassActivationMapper;

/** An application with the few jars of docs/deployment.md: explains pictures with a prepared model. */
final class FromPrepared {

    private FromPrepared() {}

    /** Takes the prepared model and the folder of pictures. */
    public static void main(String[] arguments) throws Exception {
        List<Path> pictures = Photos.in(Path.of(arguments[1]));
        Photos.requireRead(pictures);
        try (ClassActivationMapper mapper = ClassActivationMapper.open(Path.of(arguments[0]))) {
            Photos.requireExplained(mapper, pictures);
            Photos.require(mapper.engine().contains("oneDNN"), "prepared models run on oneDNN");
        }
        try {
            Class.forName("org.nd4j.linalg.factory.Nd4j");
            Photos.require(false, "there is no ND4J among the few jars");
        } catch (ClassNotFoundException e) {
            System.out.println("  without ND4J");
        }
    }
}
