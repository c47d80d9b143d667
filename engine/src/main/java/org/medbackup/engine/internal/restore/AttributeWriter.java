package org.medbackup.engine.internal.restore;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import org.medbackup.core.PathBytes;
import org.medbackup.engine.internal.tree.Attributes;
import org.medbackup.linux.ExtendedAttributes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/**
 * Sets what an entry has beside its content, in the order in which nothing undoes what was set before: owner (which
 * clears set-uid bits and capabilities), extended attributes that it must not have, permissions, those that it must have,
 * time, flags (after which an immutable file takes nothing more). What is right already is left alone, so that the next
 * backup finds nothing changed. Each that cannot be set is reported for itself. Safe for use by several threads.
 */
final class AttributeWriter {

    private final RestoreFailures failures;

    AttributeWriter(RestoreFailures failures) {
        this.failures = failures;
    }

    /** On an open file or folder. */
    void set(Fd file, PathBytes path, Attributes wanted) {
        FileStatus now = file.status();
        if (!ownedBy(now, wanted)) {
            attempt(path, "owner", () -> org.medbackup.linux.Attributes.owner(file, wanted.uid(), wanted.gid()));
            now = file.status();
        }
        SortedMap<String, byte[]> there = there(path, () -> ExtendedAttributes.of(file));
        for (String name : there.keySet()) {
            if (isForeign(name, wanted)) {
                attempt(path, name, () -> ExtendedAttributes.remove(file, name));
            }
        }
        // An access list that was removed or is yet to be set has its say in the permissions.
        if (!there.isEmpty() || now.permissions() != wanted.permissions()) {
            attempt(path, "permissions", () -> org.medbackup.linux.Attributes.permissions(file, wanted.permissions()));
        }
        wanted.extended().forEach((name, value) -> {
            if (!Arrays.equals(there.get(name), value)) {
                attempt(path, name, () -> ExtendedAttributes.set(file, name, value));
            }
        });
        if (!now.modified().equals(wanted.modified())) {
            attempt(path, "modified", () -> org.medbackup.linux.Attributes.modified(file, wanted.modified()));
        }
        if (wanted.flags() != 0) {
            attempt(path, "flags", () -> org.medbackup.linux.Attributes.flags(file, wanted.flags()));
        }
    }

    /** On an entry that is not opened: a symlink, a FIFO, a socket, a device node. */
    void set(Fd folder, byte[] name, PathBytes path, Attributes wanted, boolean symlink) {
        FileStatus now = folder.status(name).orElse(null);
        if (now == null) {
            failures.add(path, "entry", "it has gone since it was made");
            return;
        }
        if (!ownedBy(now, wanted)) {
            attempt(
                    path,
                    "owner",
                    () -> org.medbackup.linux.Attributes.owner(folder, name, wanted.uid(), wanted.gid()));
        }
        SortedMap<String, byte[]> there = there(path, () -> ExtendedAttributes.of(folder, name));
        for (String attribute : there.keySet()) {
            if (isForeign(attribute, wanted)) {
                attempt(path, attribute, () -> ExtendedAttributes.remove(folder, name, attribute));
            }
        }
        if (!symlink) {
            attempt(
                    path,
                    "permissions",
                    () -> org.medbackup.linux.Attributes.permissions(folder, name, wanted.permissions()));
        }
        wanted.extended().forEach((attribute, value) -> {
            if (!Arrays.equals(there.get(attribute), value)) {
                attempt(path, attribute, () -> ExtendedAttributes.set(folder, name, attribute, value));
            }
        });
        if (!now.modified().equals(wanted.modified())) {
            attempt(path, "modified", () -> org.medbackup.linux.Attributes.modified(folder, name, wanted.modified()));
        }
    }

    private interface Listing {
        SortedMap<String, byte[]> of();
    }

    private SortedMap<String, byte[]> there(PathBytes path, Listing listing) {
        try {
            return listing.of();
        } catch (LinuxException failure) {
            failures.add(path, "extended attributes", failure);
            return new java.util.TreeMap<>(Map.of());
        }
    }

    /** Whether an attribute gives something away that the file did not. A security label is the system's to decide. */
    private static boolean isForeign(String name, Attributes wanted) {
        boolean ours = name.startsWith("user.")
                || name.startsWith("trusted.")
                || name.startsWith("system.posix_acl_")
                || name.equals("security.capability");
        return ours && !wanted.extended().containsKey(name);
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
