package org.medbackup.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/**
 * As whom PostgreSQL's programs run. They refuse to run as root: then they run as the owner of the data directory.
 *
 * @param uid its user id
 * @param gid its group id
 * @param drop whether we are root and have to become it
 */
record Account(long uid, long gid, boolean drop) {

    private static final Path SELF = Path.of("/proc/self/status");

    /** Accounts and groups that may own a data directory which is root's so far, best first. */
    private static final List<Candidate> UNPRIVILEGED = List.of(
            new Candidate("postgres", "postgres"),
            new Candidate("nobody", "nogroup"),
            new Candidate("nobody", "nobody"));

    record Candidate(String account, String group) {}

    /** Our own account, or the owner of a folder when we are root; a folder of root's is handed over first. */
    static Account ownerOf(Path folder) {
        return ownerOf(folder, UNPRIVILEGED);
    }

    static Account ownerOf(Path folder, List<Candidate> candidates) {
        return ownerOf(folder, candidates, SELF);
    }

    /** The same, for a process that a status file of the kernel describes. */
    static Account ownerOf(Path folder, List<Candidate> candidates, Path status) {
        try {
            long self = ownNumber(status, "Uid:");
            if (self != 0) {
                return new Account(self, ownNumber(status, "Gid:"), false);
            }
            if (number(folder, "unix:uid") == 0) {
                Account heir = heir(candidates);
                Permissions.giveTree(folder, heir.uid, heir.gid);
            }
            return new Account(number(folder, "unix:uid"), number(folder, "unix:gid"), true);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the owner of the data directory cannot be read or set", failed);
        }
    }

    private static Account heir(List<Candidate> candidates) throws IOException {
        // Java tells the number of an account only through a file that belongs to it.
        Path probe = Files.createTempFile("medbackup", ".owner");
        try {
            var names = probe.getFileSystem().getUserPrincipalLookupService();
            var owners = Files.getFileAttributeView(probe, PosixFileAttributeView.class);
            for (Candidate candidate : candidates) {
                try {
                    owners.setOwner(names.lookupPrincipalByName(candidate.account()));
                    owners.setGroup(names.lookupPrincipalByGroupName(candidate.group()));
                    return new Account(number(probe, "unix:uid"), number(probe, "unix:gid"), true);
                } catch (UserPrincipalNotFoundException unknown) {
                    // This machine does not have it; the next one may do.
                }
            }
        } finally {
            Files.deleteIfExists(probe);
        }
        throw ErrorCode.TARGET_UNUSABLE.because(
                "PostgreSQL does not run as root, and there is no account named postgres or nobody to run it");
    }

    private static long ownNumber(Path status, String field) throws IOException {
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith(field)) {
                // real, effective, saved and file system id; the effective one decides
                return Long.parseLong(line.split("\\s+")[2]);
            }
        }
        throw new IOException("the kernel does not tell our account");
    }

    /** What stands before a command so that it runs as this account. */
    List<String> prefix() {
        return drop
                ? List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs")
                : List.of();
    }

    /** Hands a folder and what is in it to this account if it is root's. */
    void adopt(Path folder) {
        try {
            if (drop && number(folder, "unix:uid") == 0) {
                Permissions.giveTree(folder, uid, gid);
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("a folder cannot be given to the server's account", failed);
        }
    }

    /** Fails when this account cannot enter every folder above a path: the program itself would say it less clearly. */
    void requireAccess(Path path) {
        if (!drop) {
            return;
        }
        try {
            for (Path above = path.toRealPath().getParent(); above != null; above = above.getParent()) {
                if (!mayEnter(above)) {
                    throw ErrorCode.TARGET_UNUSABLE.because(
                            "PostgreSQL does not run as root, and the account that runs it cannot enter a folder above"
                                    + " its data or programs; make each of them executable (o+x) for that account");
                }
            }
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("a folder of the server cannot be looked at", failed);
        }
    }

    /** Whether this account can enter a folder and every one above it. */
    boolean mayReach(Path folder) {
        if (!drop) {
            return true;
        }
        try {
            for (Path above = folder.toRealPath(); above != null; above = above.getParent()) {
                if (!mayEnter(above)) {
                    return false;
                }
            }
            return true;
        } catch (IOException absent) {
            return false;
        }
    }

    private boolean mayEnter(Path folder) throws IOException {
        long mode = number(folder, "unix:mode");
        if (uid == number(folder, "unix:uid")) {
            return (mode & 0100) != 0;
        }
        boolean group = gid == number(folder, "unix:gid");
        return (mode & (group ? 0010 : 0001)) != 0;
    }

    private static long number(Path path, String attribute) throws IOException {
        return ((Number) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS)).longValue();
    }
}
