package org.medbackup.engine;

/** Temporary. */
final class Placeholder {
    private Placeholder() {}
}
