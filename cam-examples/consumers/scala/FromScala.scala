import java.nio.file.Path
import org.cam4j.ClassActivationMapper
import org.cam4j.image.Preprocessing
import scala.util.Using

/** An application in Scala: takes the Keras model and the folder of pictures, and explains them. */
object FromScala:
  def main(arguments: Array[String]): Unit =
    val pictures = Photos.in(Path.of(arguments(1)))
    Photos.requireRead(pictures)
    Using.resource(ClassActivationMapper.fromKeras(Path.of(arguments(0))).preprocessing(Preprocessing.TF).build()): mapper =>
      Photos.requireExplained(mapper, pictures)
