package org.medbackup.anomaly;

import org.medbackup.core.content.SourceSigns;

/**
 * A run of a source that is under no suspicion.
 *
 * @param signs what it measured
 * @param cleared whether it was suspect until a person cleared it
 */
public record PastRun(SourceSigns signs, boolean cleared) {}
