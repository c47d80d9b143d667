package org.medbackup.corpus;

import java.time.Instant;
import org.medbackup.corpus.TreeEntry.Metadata;

/** One change of a file tree, as one system call or one program's save makes it. */
public sealed interface TreeEdit {

    /** The name that is changed, as it is before the change. */
    RawPath path();

    /** A name that was free gets an entry; its folder's time becomes that of the change. */
    record Create(RawPath path, TreeEntry entry, Instant time) implements TreeEdit {}

    /** A file gets another name, a hard link. */
    record Link(RawPath path, RawPath another, Instant time) implements TreeEdit {}

    /**
     * A file gets other content in place: bytes inserted, deleted, overwritten, appended or cut off. All its names show it.
     *
     * @param time of the file then; it can be what it was, as a program that sets it back leaves it
     */
    record Rewrite(RawPath path, Content content, Instant time) implements TreeEdit {}

    /** Other permissions or another time. */
    record Touch(RawPath path, Metadata metadata) implements TreeEdit {}

    /** A name, and all that lies in it, moves to one that is free. */
    record Rename(RawPath path, RawPath to, Instant time) implements TreeEdit {}

    /** A name goes, and all that lies in it. */
    record Remove(RawPath path, Instant time) implements TreeEdit {}
}
