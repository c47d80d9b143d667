package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle;

/** One put of an object: written, made durable, named. For one thread. */
final class Put {

    /** Less room than that is none: so much may be under way when a server says that it failed. */
    private static final long NO_ROOM = 4 << 20;

    private final Place place;
    private final String target;
    private final String file;
    private final ObjectContent content;
    private boolean unanswered;
    private boolean left;
    private long length;
    private long sum;

    /**
     * Of an object.
     *
     * @param target its name at the server
     * @param file the name that it has until it is complete
     */
    Put(Place place, String target, String file, ObjectContent content) {
        this.place = place;
        this.target = target;
        this.file = file;
        this.content = content;
    }

    /** Whether the name was asked for, and nobody has said what became of it. */
    boolean isUnanswered() {
        return unanswered;
    }

    /** Whether its file may still be there. */
    boolean isLeft() {
        return left;
    }

    String file() {
        return file;
    }

    /** Makes it. */
    PutOutcome in(SftpSession session) throws IOException {
        if (session.find(target) != null) {
            return existed(session);
        }
        boolean named = false;
        try {
            place.folders().make(session, place.temporary());
            write(session);
            named = name(session);
        } catch (SftpException refused) {
            throw explained(session, refused);
        } finally {
            remove(session, named);
        }
        if (!named) {
            return existed(session);
        }
        place.folders().sync(session, Folders.of(target));
        return PutOutcome.CREATED;
    }

    /** Whoever put it may not have come to make its name durable; our answer says that it is there. */
    private PutOutcome existed(SftpSession session) throws IOException {
        place.folders().make(session, Folders.of(target));
        place.folders().sync(session, Folders.of(target));
        return PutOutcome.EXISTED;
    }

    private void write(SftpSession session) throws IOException {
        session.movesContent();
        byte[] handle = created(session);
        try {
            var upload = new Upload(session, handle);
            try {
                content.writeTo(new PacedChannel(upload, place.throttle(), Throttle.Resource.NETWORK_EGRESS));
                upload.finish();
            } catch (IOException failed) {
                if (failed.equals(upload.failure()) || failed instanceof SftpException || !session.isUsable()) {
                    throw failed;
                }
                throw unreadable("the content could not be read");
            } finally {
                upload.abandon();
            }
            length = upload.length();
            sum = upload.sum();
            if (length != content.length()) {
                throw unreadable("the content is not as long as it says");
            }
            if (session.syncs()) {
                session.sync(handle);
            }
        } finally {
            Download.close(session, handle);
        }
    }

    private byte[] created(SftpSession session) throws IOException {
        try {
            return session.create(file);
        } catch (SftpException refused) {
            if (refused.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE) {
                throw refused;
            }
            // Somebody has tidied up meanwhile.
            place.folders().forget();
            place.folders().make(session, place.temporary());
            return session.create(file);
        }
    }

    private static BackupException unreadable(String why) {
        return ErrorCode.STORE_UNAVAILABLE.because(why);
    }

    private boolean name(SftpSession session) throws IOException {
        place.folders().make(session, Folders.of(target));
        try {
            return given(session);
        } catch (SftpException refused) {
            if (refused.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE) {
                throw refused;
            }
            place.folders().forget();
            place.folders().make(session, Folders.of(target));
            return given(session);
        }
    }

    private boolean given(SftpSession session) throws IOException {
        unanswered = true;
        boolean given;
        try {
            given = place.naming().give(session, file, target);
        } catch (SftpException answer) {
            unanswered = false;
            throw answer;
        }
        unanswered = false;
        return given;
    }

    /** Removes the temporary name; what cannot be removed now is removed another day. */
    private void remove(SftpSession session, boolean named) throws IOException {
        if (!session.isUsable()) {
            left = true;
        } else if (!named || Naming.keepsFirst(session)) {
            try {
                session.removeFile(file);
            } catch (SftpException gone) {
                // It was never made, or the server lets nothing be removed.
            }
        }
    }

    /** Version 3 has one status for all that a disk may say; how much room there is says more. */
    private IOException explained(SftpSession session, SftpException refused) throws IOException {
        if (refused.getStatus() == SftpConstants.SSH_FX_FAILURE) {
            SftpSession.Space space = session.space(place.top());
            if (space != null && space.isReadOnly()) {
                throw Failures.readOnly("put");
            }
            if (space != null && (space.isFull() || space.bytes() < NO_ROOM)) {
                throw Failures.full("put");
            }
        }
        return refused;
    }

    /**
     * What became of it where the last answer was lost: what lies there is ours when it is the same bytes.
     *
     * @param failure for where nothing lies there
     */
    PutOutcome outcome(SftpSession session, BackupException failure) throws IOException {
        SftpSession.Node there = session.find(target);
        if (there == null) {
            throw failure;
        }
        place.folders().sync(session, Folders.of(target));
        boolean same = there.length() == length && sumOfWhatIsThere(session) == sum;
        return same ? PutOutcome.CREATED : PutOutcome.EXISTED;
    }

    private long sumOfWhatIsThere(SftpSession session) throws IOException {
        var found = new CRC32C();
        session.movesContent();
        byte[] handle = session.openForReading(target);
        try {
            var download = new Download(session, handle, place.throttle());
            ByteBuffer piece = ByteBuffer.allocate(Math.clamp(length, 1, 1 << 20));
            long offset = 0;
            for (int got = download.fill(piece, 0); got > 0; got = download.fill(piece, offset)) {
                offset += got;
                found.update(piece.flip());
                piece.clear();
            }
        } finally {
            Download.close(session, handle);
        }
        return found.getValue();
    }
}
