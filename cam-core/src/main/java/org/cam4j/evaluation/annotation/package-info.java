/**
 * Reads where objects are on photos: COCO, Pascal VOC, CSV and the WSOL metadata.
 *
 * <p>In comes a file of boxes, out go {@link org.cam4j.evaluation.annotation.LabelledPhotos}.
 */
package org.cam4j.evaluation.annotation;
