/**
 * Writes the HTML report of many photos, one file that needs nothing beside it.
 *
 * <p>In come results of photos, out goes the page by {@link org.cam4j.render.report.Report}.
 */
package org.cam4j.render.report;
