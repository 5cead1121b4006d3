/**
 * Measures how well maps and their boxes find labelled objects.
 *
 * <p>In come observations of labelled photos, out goes a {@link org.cam4j.evaluation.localization.LocalizationReport}; each measure is a
 * class with its definition.
 */
package org.cam4j.evaluation.localization;
