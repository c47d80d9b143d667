package org.medbackup.app.mariadb;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;

/**
 * As whom MariaDB's programs run. The server refuses to run as root: then it runs as the owner of its data directory.
 *
 * @param uid its user id
 * @param gid its group id
 * @param drop whether we are root and have to become it
 */
record ServerAccount(int uid, int gid, boolean drop) {

    /** Who gets a data directory that is root's so far, best first. */
    private static final List<List<String>> HEIRS =
            List.of(List.of("mysql", "mysql"), List.of("nobody", "nogroup"), List.of("nobody", "nobody"));

    static ServerAccount ownerOf(Path folder) {
        try {
            boolean root = number(Path.of("/proc/self"), "uid") == 0;
            if (root && number(folder, "uid") == 0) {
                handOver(folder);
            }
            return new ServerAccount(number(folder, "uid"), number(folder, "gid"), root);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("the owner of the data directory cannot be read or set", failed);
        }
    }

    private static int number(Path path, String attribute) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS)).intValue();
    }

    private static void handOver(Path folder) throws IOException {
        var names = folder.getFileSystem().getUserPrincipalLookupService();
        for (List<String> heir : HEIRS) {
            try {
                var owner = names.lookupPrincipalByName(heir.getFirst());
                var group = names.lookupPrincipalByGroupName(heir.getLast());
                each(folder, path -> {
                    var view =
                            Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
                    view.setOwner(owner);
                    view.setGroup(group);
                });
                return;
            } catch (UserPrincipalNotFoundException unknown) {
                // This machine does not have it; the next one may do.
            }
        }
        throw ErrorCode.TARGET_UNUSABLE.because("there is no account named mysql or nobody to run the server");
    }

    @FunctionalInterface
    private interface Act {
        void on(Path path) throws IOException;
    }

    private static void each(Path folder, Act act) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                act.on(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                act.on(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Lets this account through a folder of ours to what is its own in it; it cannot list it. */
    void letThrough(Path folder) throws IOException {
        if (drop) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    /** Gives a folder of ours, and what is in it, to this account. */
    void adopt(Path folder) {
        if (!drop) {
            return;
        }
        try {
            each(folder, path -> {
                Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
            });
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("a folder cannot be given to the server's account", failed);
        }
    }

    /** A command that runs as this account; the root folder is its working directory, which it can enter. */
    Command command(List<String> words) {
        Command plain = Command.of(words).in(Path.of("/"));
        return drop
                ? plain.prefixed(
                        List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups", "--no-new-privs"))
                : plain;
    }
}
