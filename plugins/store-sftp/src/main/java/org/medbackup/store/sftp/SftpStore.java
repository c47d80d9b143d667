package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.PacedChannel;
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Each object is a file of its name. A put writes a file below {@code .tmp}, makes it durable, gives it its name by a hard
 * link, which fails where the name is taken, and makes the folder durable. What a killed writer leaves below {@code .tmp}
 * is never an object; it is removed when it is a week old.
 */
final class SftpStore implements ObjectStore {

    private static final String TEMPORARY = ".tmp";
    private static final String PROBES = ".probe";
    private static final Duration LEFT_OVER = Duration.ofDays(7);
    private static final int NAME_BYTES = 16;
    /** Less room than that is none: so much may be under way when a server says that it failed. */
    private static final long NO_ROOM = 4 << 20;

    private final SftpLocation location;
    private final String root;
    private final Sessions sessions;
    private final Throttle throttle;
    private final TimeSource time;
    private final Entropy entropy;
    private final Folders folders;
    private final Naming naming;
    /** Files that this store has made and could not remove, since the server did not answer. */
    private final Queue<String> leftOver = new ConcurrentLinkedQueue<>();

    SftpStore(SftpLocation location, Sessions sessions, Throttle throttle, TimeSource time, Entropy entropy) {
        this.location = location;
        this.root = location.path();
        this.sessions = sessions;
        this.throttle = throttle;
        this.time = time;
        this.entropy = entropy;
        this.folders = new Folders(root);
        this.naming = new Naming(this::temporary);
    }

    @Override
    public String location() {
        return location.toString();
    }

    private String path(ObjectName name) {
        return root + "/" + name.text();
    }

    private String temporary() {
        return root + "/" + TEMPORARY + "/" + HexFormat.of().formatHex(entropy.bytes(NAME_BYTES));
    }

    private <T> T call(String act, Sessions.Work<T> work) {
        try {
            return sessions.with(work);
        } catch (IOException failed) {
            throw known(Failures.of(failed, act));
        } catch (BackupException failure) {
            throw known(failure);
        }
    }

    private <T> T call(String act, ObjectName name, Sessions.Work<T> work) {
        try {
            return call(act, work);
        } catch (BackupException failure) {
            throw failure.with("object", name);
        }
    }

    private BackupException known(BackupException failure) {
        return failure.with("store", location());
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        var put = new Put(path(name), temporary(), content);
        try {
            return call("put", name, put::in);
        } catch (BackupException failure) {
            if (failure.code() == ErrorCode.STORE_UNAVAILABLE && put.unanswered) {
                return outcome(put, failure);
            }
            throw failure;
        }
    }

    /** What became of a put whose last answer was lost: what lies there is ours when it is the same bytes. */
    private PutOutcome outcome(Put put, BackupException failure) {
        try {
            return sessions.with(session -> {
                SftpSession.Node there = session.find(put.target);
                if (there == null) {
                    throw failure;
                }
                folders.sync(session, Folders.of(put.target));
                boolean same = there.length() == put.length && sumOf(session, put.target, put.length) == put.sum;
                return same ? PutOutcome.CREATED : PutOutcome.EXISTED;
            });
        } catch (IOException stillUnknown) {
            throw failure;
        }
    }

    private long sumOf(SftpSession session, String path, long length) throws IOException {
        var sum = new CRC32C();
        session.movesContent();
        byte[] handle = session.openForReading(path);
        try {
            var download = new Download(session, handle, throttle);
            ByteBuffer piece = ByteBuffer.allocate(Math.clamp(length, 1, 1 << 20));
            long offset = 0;
            for (int got = download.fill(piece, 0); got > 0; got = download.fill(piece, offset)) {
                offset += got;
                sum.update(piece.flip());
                piece.clear();
            }
        } finally {
            close(session, handle);
        }
        return sum.getValue();
    }

    private static void close(SftpSession session, byte[] handle) throws IOException {
        if (session.isUsable()) {
            session.close(handle);
        }
    }

    /** One put, in the conversation that it is made in. */
    private final class Put {

        private final String target;
        private final String file;
        private final ObjectContent content;
        /** Whether the name was asked for, and nobody has said what became of it. */
        private boolean unanswered;

        private long length;
        private long sum;

        Put(String target, String file, ObjectContent content) {
            this.target = target;
            this.file = file;
            this.content = content;
        }

        PutOutcome in(SftpSession session) throws IOException {
            if (session.find(target) != null) {
                return existed(session);
            }
            boolean named = false;
            try {
                folders.make(session, root + "/" + TEMPORARY);
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
            folders.sync(session, Folders.of(target));
            return PutOutcome.CREATED;
        }

        /** Whoever put it may not have come to make its name durable; our answer says that it is there. */
        private PutOutcome existed(SftpSession session) throws IOException {
            folders.make(session, Folders.of(target));
            folders.sync(session, Folders.of(target));
            return PutOutcome.EXISTED;
        }

        private void write(SftpSession session) throws IOException {
            session.movesContent();
            byte[] handle = created(session);
            try {
                var upload = new Upload(session, handle);
                try {
                    content.writeTo(new PacedChannel(upload, throttle, Throttle.Resource.NETWORK_EGRESS));
                    upload.finish();
                } catch (IOException failed) {
                    if (failed == upload.failure() || failed instanceof SftpException || !session.isUsable()) {
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
                close(session, handle);
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
                folders.forget();
                folders.make(session, root + "/" + TEMPORARY);
                return session.create(file);
            }
        }

        private static BackupException unreadable(String why) {
            return ErrorCode.STORE_UNAVAILABLE.because(why);
        }

        private boolean name(SftpSession session) throws IOException {
            folders.make(session, Folders.of(target));
            try {
                return given(session);
            } catch (SftpException refused) {
                if (refused.getStatus() != SftpConstants.SSH_FX_NO_SUCH_FILE) {
                    throw refused;
                }
                folders.forget();
                folders.make(session, Folders.of(target));
                return given(session);
            }
        }

        private boolean given(SftpSession session) throws IOException {
            unanswered = true;
            boolean given;
            try {
                given = naming.give(session, file, target);
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
                leftOver.add(file);
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
                SftpSession.Space space = session.space(root.isEmpty() ? "/" : root);
                if (space != null && space.isReadOnly()) {
                    throw Failures.readOnly("put");
                }
                if (space != null && (space.isFull() || space.bytes() < NO_ROOM)) {
                    throw Failures.full("put");
                }
            }
            return refused;
        }
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return call("read", name, session -> {
            session.movesContent();
            byte[] handle = session.openForReading(path(name));
            try {
                return new Download(session, handle, throttle).fill(target, offset);
            } finally {
                close(session, handle);
            }
        });
    }

    @Override
    public OptionalLong length(ObjectName name) {
        return call("look up", name, session -> {
            SftpSession.Node there = session.find(path(name));
            return there != null && there.file() ? OptionalLong.of(there.length()) : OptionalLong.empty();
        });
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        try {
            new Listing(sessions, root, prefix, visitor).visit();
        } catch (IOException failed) {
            throw known(Failures.of(failed, "list")).with("prefix", prefix);
        }
    }

    @Override
    public boolean delete(ObjectName name) {
        return call("delete", name, session -> {
            try {
                session.removeFile(path(name));
            } catch (SftpException answer) {
                if (answer.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
                    return false;
                }
                throw answer;
            }
            folders.sync(session, Folders.of(path(name)));
            return true;
        });
    }

    /** What a probe had to leave is nobody's. */
    @Override
    public boolean isEmpty() {
        return call("look up", session -> {
            String folder = root.isEmpty() ? "/" : root;
            List<SftpSession.Entry> entries = session.entries(folder);
            if (entries == null) {
                return session.find(folder) == null;
            }
            return entries.stream()
                    .map(SftpSession.Entry::name)
                    .allMatch(each -> each.equals(TEMPORARY) || each.equals(PROBES));
        });
    }

    /** Removes what killed writers left a week ago, and the folders that this store has made for nothing. */
    @Override
    public void close() {
        try {
            if (sessions.isConnected()) {
                sessions.with(session -> {
                    tidy(session);
                    return this;
                });
            }
        } catch (IOException | BackupException best) {
            // Only tidying: what cannot be removed now is removed another day.
        } finally {
            sessions.close();
        }
    }

    private void tidy(SftpSession session) throws IOException {
        String folder = root + "/" + TEMPORARY;
        List<SftpSession.Entry> files = Objects.requireNonNullElse(session.entries(folder), List.of());
        long past = time.now().minus(LEFT_OVER).getEpochSecond();
        for (SftpSession.Entry each : files) {
            String file = folder + "/" + each.name();
            if (each.node().modified() < past || leftOver.contains(file)) {
                session.removeFile(file);
            }
        }
        folders.tidy(session);
    }
}
