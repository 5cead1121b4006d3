"""cam4j's transformer in PySpark 3.5 and 4. Put this file's folder `org` on the Python path, and cam4j's jars on spark.jars.

    from org.cam4j.spark import CamTransformer

    photos = spark.read.format("binaryFile").load("photos/")
    explained = CamTransformer(modelFile="animals.cam4j", handleInvalid="keep").transform(photos)
"""

from pyspark import SparkContext
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer


class CamTransformer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Explains a column of photos. Parameters by name: `CamTransformer.explainParams()` lists them.

    The module must be called org.cam4j.spark, as the Java package is: PySpark looks for the class of a saved stage by this name.
    """

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj("org.cam4j.spark.CamTransformer", self.uid)
        self._create_params_from_java()
        self.setParams(**params)

    def setParams(self, **params):
        """Sets parameters by name and returns this transformer; `classes` is a list of names or indices."""
        for name, value in params.items():
            if name == "classes":
                value = [str(one) for one in value]
            self._set(**{name: value})
        return self


def progress(spark):
    """How many photos, failures, partitions and opened models the application has counted, and the network's seconds."""
    counts = SparkContext._active_spark_context._jvm.org.cam4j.spark.CamProgress.of(spark._jsparkSession.sparkContext())
    names = ("photos", "failures", "partitions", "mappers", "networkSeconds")
    return {name: getattr(counts, name)() for name in names}
