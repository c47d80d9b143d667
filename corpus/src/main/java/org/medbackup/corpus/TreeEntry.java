package org.medbackup.corpus;

import java.time.Instant;
import java.util.Arrays;

/** What a name in a file tree stands for. */
public sealed interface TreeEntry {

    /** Permissions and time of last change. */
    Metadata metadata();

    /** The same with other permissions or another time. */
    TreeEntry with(Metadata metadata);

    /**
     * What a file system keeps beside the content.
     *
     * @param mode permission bits, as in {@code 0644}
     * @param modified to the nanosecond
     */
    record Metadata(int mode, Instant modified) {

        Metadata at(Instant time) {
            return new Metadata(mode, time);
        }
    }

    /** A folder; what lies in it has names of its own. */
    record Folder(Metadata metadata) implements TreeEntry {

        @Override
        public Folder with(Metadata other) {
            return new Folder(other);
        }
    }

    /**
     * A file with content.
     *
     * @param identity as an inode's number: names with the same are hard links of one file, and stay equal in all else
     */
    record RegularFile(long identity, Content content, Metadata metadata) implements TreeEntry {

        @Override
        public RegularFile with(Metadata other) {
            return new RegularFile(identity, content, other);
        }
    }

    /**
     * A symbolic link. Its target may not exist. Its mode is always {@code 0777}, as on Linux.
     *
     * @param target any bytes but NUL; not to be changed
     */
    @SuppressWarnings("ArrayRecordComponent") // A target is bytes, like a path; it is compared by them below.
    record Symlink(byte[] target, Metadata metadata) implements TreeEntry {

        @Override
        public Symlink with(Metadata other) {
            return new Symlink(target, other);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Symlink(byte[] bytes, Metadata same)
                    && Arrays.equals(target, bytes)
                    && metadata.equals(same);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(target) + metadata.hashCode();
        }

        @Override
        public String toString() {
            return "Symlink[target=" + RawPath.copyOf(target) + ", metadata=" + metadata + "]";
        }
    }
}
