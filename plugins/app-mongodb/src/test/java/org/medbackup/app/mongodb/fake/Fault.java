package org.medbackup.app.mongodb.fake;

/** What goes wrong with one command. */
public sealed interface Fault {

    /** The connection ends before anything happened. */
    record DropBefore() implements Fault {}

    /** The connection ends after all has happened: the answer is lost. */
    record DropAfter() implements Fault {}

    /** Nothing is answered any more. */
    record Hang() implements Fault {}

    /** The command fails. */
    record Fails(int number) implements Fault {}

    /** Something else happens first. */
    record First(Runnable action) implements Fault {}
}
