"""Explains the demo's photos by PySpark's transformer, its saved copy in a pipeline, and the SQL function.

    python -m pip install pyspark==4.2.0 numpy        # or 3.5.6 with Scala 2.13's jars in SPARK_HOME
    PYTHONPATH=cam-spark/src/main/python python cam-spark/src/test/python/pyspark_check.py MODEL.cam4j JARS PHOTOS

MODEL is a prepared model, JARS a list with commas of cam-spark's jar and its libraries, PHOTOS a folder.
"""

import sys
import tempfile

from org.cam4j.spark import CamTransformer, progress
from pyspark.ml import Pipeline, PipelineModel
from pyspark.sql import SparkSession

model, jars, folder = sys.argv[1:]
spark = (
    SparkSession.builder.master("local[2]")
    .config("spark.jars", jars)
    # The extension's class is looked for before spark.jars is read.
    .config("spark.driver.extraClassPath", jars.replace(",", ":"))
    .config("spark.sql.extensions", "org.cam4j.spark.CamExtensions")
    .config("spark.cam4j.modelFile", model)
    .config("spark.cam4j.mapFormat", "none")
    .config("spark.ui.enabled", "false")
    .getOrCreate()
)
photos = spark.read.format("binaryFile").option("pathGlobFilter", "*.jpg").load(folder)
transformer = CamTransformer(modelFile=model, outputCol="cam", topK=2, handleInvalid="keep")
rows = transformer.transform(photos).select("path", "cam").orderBy("path").collect()
for row in rows:
    best = row.cam.predictions[0]
    print(f"{row.path.rsplit('/', 1)[1]:24} {best.label:24} {best.probability:.3f} {len(row.cam.maps[0]['values'])} cells")
assert all(row.cam.error is None for row in rows)

with tempfile.TemporaryDirectory() as saved:
    Pipeline(stages=[transformer]).fit(photos).write().overwrite().save(saved)
    loaded = PipelineModel.load(saved)
    assert loaded.stages[0].getOrDefault("topK") == 2
    again = loaded.transform(photos).select("cam").orderBy("path").collect()
assert [row.cam.predictions for row in again] == [row.cam.predictions for row in rows]

photos.createOrReplaceTempView("photos")
sql = spark.sql("SELECT cam.predictions[0].logit FROM (SELECT path, cam4j_explain(content) AS cam FROM photos) ORDER BY path")
assert [row[0] for row in sql.collect()] == [row.cam.predictions[0].logit for row in rows]

print(spark.version, progress(spark))
assert progress(spark)["mappers"] == 1
