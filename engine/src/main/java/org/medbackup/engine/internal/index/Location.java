package org.medbackup.engine.internal.index;

/**
 * Where a chunk is.
 *
 * @param pack that holds it
 * @param offset of its record
 * @param storedLength of its record
 */
public record Location(PackRecord pack, long offset, int storedLength) {}
