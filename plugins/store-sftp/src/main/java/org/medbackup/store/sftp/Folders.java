package org.medbackup.store.sftp;

import java.io.IOException;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.apache.sshd.sftp.common.SftpException;
import org.medbackup.core.error.ErrorCode;

/**
 * The folders of a store: made where they are missing, with all above them, and made durable where the server lets that be
 * done. Safe for use by several threads.
 */
final class Folders {

    private final String root;
    /** Those that are there, whose names were made durable by this store. */
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private final Deque<String> made = new ConcurrentLinkedDeque<>();
    /** Whether the server makes folders durable: it was seen to do so, or not to. */
    private volatile boolean syncs;

    private volatile boolean syncsNot;

    Folders(String root) {
        this.root = root;
    }

    /** The folder in which a name is; empty for the uppermost. */
    static String of(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    /** Makes sure that a folder is there and durable. */
    void make(SftpSession session, String folder) throws IOException {
        if (folder.isEmpty() || known.contains(folder)) {
            return;
        }
        SftpSession.Node there = session.find(folder);
        boolean ours = folder.startsWith(root + "/");
        if (there == null || ours) {
            make(session, of(folder));
        }
        if (there == null) {
            made(session, folder);
        } else if (!there.folder()) {
            throw noFolder();
        }
        if (there == null || ours) {
            // That it is there says nothing: who made it may not have come to make that durable.
            sync(session, of(folder));
        }
        known.add(folder);
    }

    private void made(SftpSession session, String folder) throws IOException {
        try {
            session.makeFolder(folder);
            made.push(folder);
        } catch (SftpException refused) {
            SftpSession.Node meanwhile = session.find(folder);
            if (meanwhile == null) {
                throw refused;
            }
            if (!meanwhile.folder()) {
                throw noFolder();
            }
        }
    }

    private static RuntimeException noFolder() {
        return ErrorCode.STORE_UNAVAILABLE.because("a part of the path is no folder");
    }

    /** Forgets what is there: somebody may have removed it. */
    void forget() {
        known.clear();
    }

    /**
     * Makes the names in a folder durable. OpenSSH opens a folder for reading like a file, and makes it durable like one;
     * where a server does not, its file system decides when they are.
     */
    void sync(SftpSession session, String folder) throws IOException {
        if (syncsNot || !session.syncs()) {
            return;
        }
        byte[] handle;
        try {
            handle = session.openForReading(folder.isEmpty() ? "/" : folder);
        } catch (SftpException notOpened) {
            syncsNot = true;
            return;
        }
        try {
            session.sync(handle);
            syncs = true;
        } catch (SftpException failed) {
            if (syncs) {
                throw failed;
            }
            syncsNot = true;
        } finally {
            session.close(handle);
        }
    }

    /** Removes the folders that this store has made, from below, until one is not empty. */
    void tidy(SftpSession session) throws IOException {
        List<String> deepest = made.stream()
                .sorted(Comparator.comparingInt((String each) ->
                                (int) each.chars().filter(c -> c == '/').count())
                        .reversed())
                .toList();
        for (String each : deepest) {
            session.removeFolder(each);
        }
    }
}
