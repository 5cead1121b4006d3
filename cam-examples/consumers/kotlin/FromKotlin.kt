import java.nio.file.Path
import org.cam4j.ClassActivationMapper
import org.cam4j.image.Preprocessing

/** An application in Kotlin: takes the Keras model and the folder of pictures, and explains them. */
fun main(arguments: Array<String>) {
    val pictures = Photos.`in`(Path.of(arguments[1]))
    Photos.requireRead(pictures)
    ClassActivationMapper.fromKeras(Path.of(arguments[0])).preprocessing(Preprocessing.TF).build().use { mapper ->
        Photos.requireExplained(mapper, pictures)
    }
}
