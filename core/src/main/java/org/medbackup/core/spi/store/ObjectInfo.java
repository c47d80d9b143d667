package org.medbackup.core.spi.store;

/**
 * What a listing tells about an object.
 *
 * @param name its name
 * @param length its length in bytes
 */
public record ObjectInfo(ObjectName name, long length) {}
