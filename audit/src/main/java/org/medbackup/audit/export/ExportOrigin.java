package org.medbackup.audit.export;

/**
 * Who tells it.
 *
 * @param host of the trail
 * @param version of this program
 */
public record ExportOrigin(String host, String version) {}
