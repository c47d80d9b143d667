package org.medbackup.app.oracle.fake;

import java.nio.file.Path;

/** One backup piece, which is all of its set. */
sealed interface Piece {

    String tag();

    int set();

    Path handle();

    record OfData(
            String tag,
            int set,
            Path handle,
            int file,
            int level,
            long since,
            long checkpoint,
            long fuzzy,
            boolean usedTracking)
            implements Piece {}

    record OfLog(String tag, int set, Path handle, Redo log) implements Piece {}

    record OfControl(String tag, int set, Path handle) implements Piece {}

    record OfParameters(String tag, int set, Path handle) implements Piece {}
}
