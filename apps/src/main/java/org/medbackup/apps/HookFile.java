package org.medbackup.apps;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * Whether a hook's file can be trusted: a regular file by its real absolute path that nobody but root and the account of
 * this process can change, nor any folder above it. A sticky folder such as {@code /tmp} counts as one that others
 * cannot write to: they cannot replace what lies in it.
 */
final class HookFile {

    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;

    private HookFile() {}

    static void requireTrusted(Hook hook) {
        Path file = Path.of(hook.arguments().getFirst());
        if (!file.isAbsolute()) {
            throw refused("its path is not absolute", null);
        }
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || !file.toRealPath().equals(file)) {
                throw refused("it is no regular file, or its path leads through a link", null);
            }
            int self = number(Path.of("/proc/self/."), "uid");
            requireUnwritable(file, self, false);
            for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
                requireUnwritable(folder, self, true);
            }
            String wanted = hook.sha256();
            if (wanted != null && !wanted.equalsIgnoreCase(digest(file))) {
                throw refused("its content is not the one that the configuration pins", null);
            }
        } catch (IOException unreadable) {
            throw refused("it cannot be read", unreadable);
        }
    }

    private static RuntimeException refused(String why, @Nullable Throwable cause) {
        return ErrorCode.HOOK_REFUSED.because(why, cause);
    }

    private static int number(Path path, String attribute) throws IOException {
        return (Integer)
                Objects.requireNonNull(Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS));
    }

    private static void requireUnwritable(Path path, int self, boolean folder) throws IOException {
        int owner = number(path, "uid");
        int mode = number(path, "mode");
        if (owner != 0 && owner != self) {
            throw refused("it or a folder above it belongs to another account", null);
        }
        if ((mode & OTHERS_WRITE) != 0 && !(folder && (mode & STICKY) != 0)) {
            throw refused("others may write to it or to a folder above it", null);
        }
    }

    private static String digest(Path file) throws IOException {
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of()
                    .formatHex(((DigestInputStream) in).getMessageDigest().digest());
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has SHA-256", missing);
        }
    }
}
