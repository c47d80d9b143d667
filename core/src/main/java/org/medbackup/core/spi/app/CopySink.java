package org.medbackup.core.spi.app;

import java.nio.file.Path;
import org.medbackup.core.PathBytes;

/**
 * Takes what an application hands over. Each call returns when its data has been read; called from one thread.
 *
 * <p>Paths of the restore point are absolute. When two calls give the same path, the later one holds.
 */
public interface CopySink {

    /** A folder and what lies below it. */
    void tree(TreeCopy copy);

    /** One file as it is on disk, read now. */
    void file(Path source, PathBytes as, Cut cut);

    /** A file that is not on disk; it gets owner, group and permissions of another path of the restore point. */
    void content(PathBytes as, byte[] content, PathBytes attributesOf);

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

    /**
     * A folder to copy.
     *
     * @param source where it is on disk
     * @param as its absolute path in the restore point
     * @param selection what of it
     * @param cut how its files are cut
     * @param live whether its files change while they are read and the application's own recovery heals that: then a
     *     file that changed or vanished is no failure
     */
    record TreeCopy(Path source, PathBytes as, Selection selection, Cut cut, boolean live) {}
}
