package org.medbackup.store.sftp;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.medbackup.core.error.ErrorCode;

/**
 * Gives a file that is complete its name, unless the name is taken: by a hard link, which fails on a name that is taken
 * whoever comes at the same time. A server without hard links is asked to rename, which version 3 of the protocol forbids
 * on a name that is taken; one that is seen to do it all the same is not worked with. Safe for use by several threads.
 */
final class Naming {

    private final Supplier<String> names;
    private volatile boolean keepsNames;

    /** Makes names for trials by a supplier. */
    Naming(Supplier<String> names) {
        this.names = names;
    }

    /** Whether a file keeps the name that it had. */
    static boolean keepsFirst(SftpSession session) {
        return session.offers(SftpSession.HARD_LINK);
    }

    /**
     * Gives the name.
     *
     * @return false where it was taken
     */
    boolean give(SftpSession session, String file, String name) throws IOException {
        try {
            if (keepsFirst(session)) {
                session.hardLink(file, name);
            } else {
                requireRefusal(session);
                session.move(file, name);
            }
            return true;
        } catch (SftpException refused) {
            // Version 3 has no status of its own for a name that is taken.
            if (refused.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE && session.find(name) != null) {
                return false;
            }
            throw refused;
        }
    }

    private void requireRefusal(SftpSession session) throws IOException {
        if (keepsNames) {
            return;
        }
        String one = names.get();
        String other = names.get();
        session.close(session.create(one));
        session.close(session.create(other));
        try {
            session.move(one, other);
        } catch (SftpException refused) {
            keepsNames = true;
            session.removeFile(one);
        }
        session.removeFile(other);
        if (!keepsNames) {
            throw ErrorCode.STORE_DENIED
                    .because("the server has no hard links, and renames onto names that are taken")
                    .with("cause", "not create-only");
        }
    }
}
