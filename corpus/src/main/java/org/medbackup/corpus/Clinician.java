package org.medbackup.corpus;

/**
 * A physician who does not exist.
 *
 * @param npi National Provider Identifier with a right check digit, of a range not in use
 */
public record Clinician(String npi, String family, String given) {}
