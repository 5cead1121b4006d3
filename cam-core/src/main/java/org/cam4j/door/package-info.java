/**
 * What another module implements to open model files of one more format.
 *
 * <p>In comes a path; out goes an {@link org.cam4j.door.OpenedModel}, of which plans are made. The front door finds implementations by
 * {@link java.util.ServiceLoader}.
 */
package org.cam4j.door;
