package org.medbackup.engine;

/**
 * What a restore will have to do, known without reading data.
 *
 * @param files regular files
 * @param entries of all types
 * @param bytes that will be written
 * @param packs that will be read from
 * @param requests that will be made of the store
 * @param fetched bytes that will be read from the store
 * @param chunks that will be opened
 */
public record RestorePlan(long files, long entries, long bytes, long packs, long requests, long fetched, long chunks) {}
