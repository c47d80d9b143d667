package org.medbackup.documents;

/**
 * A place in a text.
 *
 * @param line from 1
 * @param column from 1
 */
public record Position(int line, int column) {

    /** The beginning. */
    public static final Position START = new Position(1, 1);
}
