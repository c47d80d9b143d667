package org.medbackup.app.sqlserver.fake;

import java.util.List;

/** What goes wrong with one statement. */
public sealed interface Fault {

    /** It fails with these numbers, in this order. */
    record Fails(List<Integer> numbers) implements Fault {

        public Fails(int... numbers) {
            this(java.util.Arrays.stream(numbers).boxed().toList());
        }
    }

    /** The session ends before anything happened. */
    record DropBefore() implements Fault {}

    /** The session ends after all has happened: the answer is lost. */
    record DropAfter() implements Fault {}

    /** Something else happens first. */
    record First(Runnable action) implements Fault {}
}
