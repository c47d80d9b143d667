package org.medbackup.policy;

import org.medbackup.core.spi.place.FileFacts;

/**
 * What is known of one file without reading it.
 *
 * @param facts what its directory entry says; its size is what it costs
 * @param found what it is
 */
public record CatalogueRow(FileFacts facts, Classification found) {}
