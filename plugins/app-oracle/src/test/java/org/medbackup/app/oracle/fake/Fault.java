package org.medbackup.app.oracle.fake;

/** What goes wrong with one statement or program. */
public sealed interface Fault {

    /** It fails with this number. */
    record Fails(int number) implements Fault {}

    /** A program names this number and ends as if all were well. */
    record EndsWell(int number) implements Fault {}

    /** The session ends, or the program is lost, before anything happened. */
    record DropBefore() implements Fault {}

    /** The same after all has happened: the answer is lost. */
    record DropAfter() implements Fault {}

    /** A program does nothing until it is killed; a statement until its time-out. */
    record Hangs() implements Fault {}

    /** Something else happens first. */
    record First(Runnable action) implements Fault {}
}
