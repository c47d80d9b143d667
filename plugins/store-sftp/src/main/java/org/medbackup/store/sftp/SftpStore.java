package org.medbackup.store.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
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
import org.medbackup.core.spi.throttle.Throttle;

/**
 * Each object is a file of its name. A put writes a file below {@code .tmp}, makes it durable, gives it its name by a hard
 * link, which fails where the name is taken, and makes the folder durable. What a killed writer leaves below {@code .tmp}
 * is never an object; it is removed when it is a week old.
 */
final class SftpStore implements ObjectStore {

    private static final String PROBES = ".probe";
    private static final Duration LEFT_OVER = Duration.ofDays(7);
    private final SftpLocation location;
    private final String root;
    private final Sessions sessions;
    private final TimeSource time;
    private final Place place;
    /** Files that this store has made and could not remove, since the server did not answer. */
    private final Queue<String> leftOver = new ConcurrentLinkedQueue<>();

    SftpStore(SftpLocation location, Sessions sessions, Throttle throttle, TimeSource time, Entropy entropy) {
        this.location = location;
        this.root = location.path();
        this.sessions = sessions;
        this.time = time;
        this.place = Place.of(root, throttle, entropy);
    }

    @Override
    public String location() {
        return location.toString();
    }

    private String path(ObjectName name) {
        return root + "/" + name.text();
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
        var put = new Put(place, path(name), place.newName(), content);
        try {
            return call("put", name, put::in);
        } catch (BackupException failure) {
            if (failure.code() == ErrorCode.STORE_UNAVAILABLE && put.isUnanswered()) {
                return outcome(put, failure);
            }
            throw failure;
        } finally {
            if (put.isLeft()) {
                leftOver.add(put.file());
            }
        }
    }

    private PutOutcome outcome(Put put, BackupException failure) {
        try {
            return sessions.with(session -> put.outcome(session, failure));
        } catch (IOException stillUnknown) {
            throw failure;
        }
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        return call("read", name, session -> {
            session.movesContent();
            byte[] handle = session.openForReading(path(name));
            try {
                return new Download(session, handle, place.throttle()).fill(target, offset);
            } finally {
                Download.close(session, handle);
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
            place.folders().sync(session, Folders.of(path(name)));
            return true;
        });
    }

    /** What a probe had to leave is nobody's. */
    @Override
    public boolean isEmpty() {
        return call("look up", session -> {
            String folder = place.top();
            List<SftpSession.Entry> entries = session.entries(folder);
            if (entries == null) {
                return session.find(folder) == null;
            }
            return entries.stream()
                    .map(SftpSession.Entry::name)
                    .allMatch(each -> each.equals(Place.TEMPORARY) || each.equals(PROBES));
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
        String folder = place.temporary();
        List<SftpSession.Entry> files = Objects.requireNonNullElse(session.entries(folder), List.of());
        long past = time.now().minus(LEFT_OVER).getEpochSecond();
        for (SftpSession.Entry each : files) {
            String file = folder + "/" + each.name();
            if (each.node().modified() < past || leftOver.contains(file)) {
                session.removeFile(file);
            }
        }
        place.folders().tidy(session);
    }
}
