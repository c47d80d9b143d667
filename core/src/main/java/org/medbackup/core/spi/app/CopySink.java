package org.medbackup.core.spi.app;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;

/**
 * Takes what an application hands over. Each call returns when its data has been read; called from one thread.
 *
 * <p>Paths of the restore point are absolute. When two calls give the same path, the later one holds. Folders above a path
 * that no call handed over stand in the restore point too, so that it can be restored.
 */
public interface CopySink {

    /** A folder and what lies below it. */
    void tree(TreeCopy copy);

    /** One file as it is on disk, read now. */
    void file(Path source, PathBytes as, Cut cut);

    /** A file that is not on disk; it gets owner, group and permissions of another path of the restore point. */
    void content(PathBytes as, byte[] content, PathBytes attributesOf);

    /**
     * A file that is on no disk and of any length, such as the output of a program. Read to its end, and not closed; a
     * failure of the stream ends the backup, also when the caller goes on.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_FAILED} where the stream
     *     fails; what the stream throws as a {@link org.medbackup.core.error.BackupException} is passed on as it is
     */
    void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut);

    /**
     * What the restore point before this one says of the application: {@link Application.Discovery#facts()} and
     * {@link Application.Consistency#evidence()} of that time. Empty where this is the first.
     */
    default Map<String, String> before() {
        return Map.of();
    }

    /** How a file is cut into chunks. */
    enum Cut {
        /** By content: any file. */
        CONTENT,
        /** On a fixed grid: files that are changed in place, page by page. */
        PAGES
    }

    /** What to do with an entry below a folder. */
    enum Choice {
        TAKE,
        /** Leave it out, and all below it. */
        OMIT,
        /** Take the folder, leave out what lies in it. */
        FOLDER_ONLY
    }

    /** Decides about each entry. */
    @FunctionalInterface
    interface Selection {

        /** All of it. */
        Selection ALL = (below, folder) -> Choice.TAKE;

        /**
         * Chooses for one entry.
         *
         * @param below its path below the copied folder
         * @param folder whether it is a folder
         */
        Choice choose(PathBytes below, boolean folder);
    }

    /** What of the files of a folder may have changed since the restore point before; see {@link #before}. */
    @FunctionalInterface
    interface Changes {

        /** Nothing is known: every file is read. */
        Changes UNKNOWN = below -> null;

        /**
         * Where one file may differ from what the restore point before holds at the same path.
         *
         * @param below its path below the copied folder
         * @return the ranges in which it may differ, in their order, possibly none; null where nothing is known. What lies
         *     beyond the old end of the file is read in any case
         */
        @Nullable
        List<Range> of(PathBytes below);
    }

    /**
     * Bytes of a file.
     *
     * @param from first byte
     * @param length in bytes
     */
    record Range(long from, long length) {}

    /**
     * A folder to copy.
     *
     * @param source where it is on disk
     * @param as its absolute path in the restore point
     * @param selection what of it
     * @param cut how its files are cut
     * @param live whether its files change while they are read and the application's own recovery heals that: then a
     *     file that changed or vanished is no failure
     * @param changes where the files may have changed; a sink may read more
     */
    record TreeCopy(Path source, PathBytes as, Selection selection, Cut cut, boolean live, Changes changes) {

        /** Nothing is known of changes. */
        public TreeCopy(Path source, PathBytes as, Selection selection, Cut cut, boolean live) {
            this(source, as, selection, cut, live, Changes.UNKNOWN);
        }
    }

    /**
     * Owner and permissions of what comes as a stream.
     *
     * @param uid numeric owner
     * @param gid numeric group
     * @param mode permission bits
     * @param modified time of last change
     */
    record StreamAttributes(int uid, int gid, int mode, Instant modified) {}
}
