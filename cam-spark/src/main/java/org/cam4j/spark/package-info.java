/**
 * Class activation maps of photos in Apache Spark's tables.
 *
 * <p>In come columns of photos: bytes, image structs or paths. Out goes a column of structs with predictions, maps, boxes and checks, or the
 * reason why a photo cannot be explained. {@link org.cam4j.spark.CamTransformer} is the way in; {@link org.cam4j.spark.CamExtensions} adds a
 * SQL function.
 */
package org.cam4j.spark;
