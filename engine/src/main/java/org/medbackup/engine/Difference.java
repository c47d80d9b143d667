package org.medbackup.engine;

/**
 * One difference between two restore points.
 *
 * @param path absolute, as text
 * @param kind what has happened to it
 * @param sizeBefore bytes of a file in the first, 0 where it is not there
 * @param sizeAfter bytes of a file in the second, 0 where it is not there
 */
public record Difference(String path, Kind kind, long sizeBefore, long sizeAfter) {

    /** What has happened. */
    public enum Kind {
        ADDED,
        REMOVED,
        /** Another type or content. */
        CONTENT,
        /** The same content under other attributes. */
        ATTRIBUTES
    }
}
