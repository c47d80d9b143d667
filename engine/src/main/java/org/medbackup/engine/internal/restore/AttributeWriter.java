package org.medbackup.engine.internal.restore;

import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.linux.Accounts;
import org.medbackup.linux.ExtendedAttributes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Sets what an entry has beside its content, in the order in which nothing undoes what was set before: owner (which
 * clears set-uid bits and capabilities), permissions, extended attributes, time, flags (after which an immutable file
 * takes nothing more). Each that cannot be set is reported for itself. Safe for use by several threads.
 */
final class AttributeWriter {

    private final RestoreFailures failures;
    private final boolean root = Accounts.self() == 0;

    AttributeWriter(RestoreFailures failures) {
        this.failures = failures;
    }

    /** On an open file or folder. */
    void set(Fd file, PathBytes path, Attributes wanted) {
        attempt(path, "owner", () -> {
            if (root || !ownedBy(file.status(), wanted)) {
                org.medbackup.linux.Attributes.owner(file, wanted.uid(), wanted.gid());
            }
        });
        attempt(path, "permissions", () -> org.medbackup.linux.Attributes.permissions(file, wanted.permissions()));
        wanted.extended()
                .forEach((name, value) -> attempt(path, name, () -> ExtendedAttributes.set(file, name, value)));
        attempt(path, "modified", () -> org.medbackup.linux.Attributes.modified(file, wanted.modified()));
        if (wanted.flags() != 0) {
            attempt(path, "flags", () -> org.medbackup.linux.Attributes.flags(file, wanted.flags()));
        }
    }

    /** On an entry that is not opened: a symlink, a FIFO, a socket, a device node. */
    void set(Fd folder, byte[] name, PathBytes path, Attributes wanted, boolean symlink) {
        attempt(path, "owner", () -> {
            boolean right = !root
                    && folder.status(name)
                            .filter(status -> ownedBy(status, wanted))
                            .isPresent();
            if (!right) {
                org.medbackup.linux.Attributes.owner(folder, name, wanted.uid(), wanted.gid());
            }
        });
        if (!symlink) {
            attempt(
                    path,
                    "permissions",
                    () -> org.medbackup.linux.Attributes.permissions(folder, name, wanted.permissions()));
        }
        wanted.extended()
                .forEach((attribute, value) ->
                        attempt(path, attribute, () -> ExtendedAttributes.set(folder, name, attribute, value)));
        attempt(path, "modified", () -> org.medbackup.linux.Attributes.modified(folder, name, wanted.modified()));
    }

    private static boolean ownedBy(FileStatus status, Attributes wanted) {
        return status.uid() == wanted.uid() && status.gid() == wanted.gid();
    }

    private void attempt(PathBytes path, String attribute, Runnable set) {
        try {
            set.run();
        } catch (LinuxException failure) {
            failures.add(path, attribute, failure);
        }
    }
}
