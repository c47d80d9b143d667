package org.medbackup.app.mongodb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/**
 * One member of a replica set, or a server alone, for one backup.
 *
 * <p>Only the mode {@code lock} freezes, and only around a snapshot of the file system. The lock outlives us, so the
 * connection that unlocks is opened and has logged in before it is taken: under the lock a login may wait for ever. A
 * watchdog calls {@link #discover} before the freeze, for the same reason.
 */
final class MemberApplication implements Application {

    private static final String NAME = "medbackup";
    private static final Duration LOG_WAIT = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(30);

    private final Connector connector;
    private final Settings settings;
    private final FileSystemSnapshots snapshots;
    private final TimeSource time;
    private @Nullable Server server;
    private @Nullable Server unlocker;
    private @Nullable Member member;
    private volatile boolean lockAttempted;
    private Member.@Nullable State prepared;
    private String run = "";
    private @Nullable BackupCursor cursor;
    private @Nullable Heartbeat heartbeat;
    private FileSystemSnapshots.@Nullable Taken snapshot;
    private @Nullable BsonTimestamp point;

    MemberApplication(Connector connector, Settings settings, Outside outside) {
        this.connector = connector;
        this.settings = settings;
        this.snapshots = outside.snapshots();
        this.time = outside.time();
    }

    @Override
    public String address() {
        return connector.address().shown();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        if (server == null) {
            server = connector.open(NAME, deadline);
        }
        Member found = Member.ask(server, deadline);
        member = found;
        return found.discovery(mode(found));
    }

    private Settings.Mode mode(Member found) {
        if (settings.mode() != Settings.Mode.AUTO) {
            return settings.mode();
        }
        if (found.offersCursor()) {
            return Settings.Mode.CURSOR;
        }
        return ability().atomic() ? Settings.Mode.SNAPSHOT : Settings.Mode.LOCK;
    }

    private FileSystemSnapshots.Ability ability() {
        return snapshots.probe(List.of(data()));
    }

    private Path data() {
        Path given = settings.dataDirectory();
        return given != null ? given : said();
    }

    private Path said() {
        return Path.of(known(member, "discover").dataDirectory()).normalize();
    }

    private Settings.Mode mode() {
        return mode(known(member, "discover"));
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        Member found = known(member, "discover");
        return new Checks(known(server, "discover"), found, data(), settings, deadline).run(mode(), ability());
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        run = name;
        prepared = Member.state(known(server, "discover"), deadline);
        if (mode() == Settings.Mode.LOCK && unlocker == null) {
            unlocker = connector.open(NAME + " unlock", deadline);
        }
    }

    @Override
    public boolean freezes() {
        return mode() == Settings.Mode.LOCK;
    }

    @Override
    public void freeze(Deadline deadline) {
        known(unlocker, "prepare").ping(deadline);
        lockAttempted = true;
        Lock.take(known(server, "discover"), deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        Server asked = known(server, "discover");
        if (mode() == Settings.Mode.CURSOR) {
            BackupCursor opened = BackupCursor.open(asked, time, deadline);
            cursor = opened;
            point = Timestamps.later(opened.oplogEnd(), opened.checkpoint());
            heartbeat = Heartbeat.start(List.of(opened), time);
            return;
        }
        if (known(member, "discover").isInSet()) {
            point = Member.OplogWindow.ask(asked, deadline).last();
        }
        // The journal is written a little later than the oplog is read; the point has to be on the disk.
        asked.admin("fsync", deadline, new Document("fsync", 1));
        snapshot = snapshots.take(List.of(data()), FileSystemSnapshots.key(address()) + "." + run, deadline);
        if (mode() == Settings.Mode.LOCK) {
            requireStillLocked(asked, deadline);
        }
    }

    private void requireStillLocked(Server asked, Deadline deadline) {
        if (!Lock.isHeld(asked, deadline)) {
            throw ErrorCode.FREEZE_LOST.because("the member was unlocked before its snapshot was taken");
        }
        Member.State then = known(prepared, "prepare");
        Member.State now = Member.state(asked, deadline);
        if (then.primary() != now.primary() || then.rollbacks() != now.rollbacks()) {
            throw ErrorCode.FREEZE_LOST.because("an election changed the member's part while it was locked");
        }
    }

    @Override
    public void thaw(Deadline deadline) {
        Server open = unlocker != null ? unlocker : server;
        if (open != null) {
            try {
                Lock.release(open, deadline);
                lockAttempted = false;
                return;
            } catch (BackupException gone) {
                if (gone.code() != ErrorCode.APPLICATION_UNREACHABLE) {
                    throw gone;
                }
            }
        }
        // What was open has died, or there was nothing: a watchdog may come with a fresh instance.
        try (Server fresh = connector.open(NAME + " unlock", deadline)) {
            Lock.release(fresh, deadline);
            lockAttempted = false;
        }
    }

    @Override
    public void copy(CopySink sink) {
        if (snapshot != null) {
            try (var taken = snapshot) {
                var all = new CopySink.TreeCopy(
                        taken.at(data()), CursorCopy.path(data()), Snapshots.SELECTION, CopySink.Cut.PAGES, false);
                sink.tree(all);
            } finally {
                snapshot = null;
            }
            return;
        }
        BackupCursor open = known(cursor, "mark");
        try (Heartbeat alive = known(heartbeat, "mark")) {
            var copy = new CursorCopy(open, said(), data(), alive);
            copy.files(sink);
            if (known(member, "discover").isInSet() && point != null) {
                copy.logUpTo(point, sink, Deadline.after(time, LOG_WAIT));
            }
            alive.finish();
        }
        closeCursor(Deadline.after(time, END));
    }

    @Override
    public Consistency verify(Deadline deadline) {
        Server asked = known(server, "discover");
        Member.State then = known(prepared, "prepare");
        Member.State now = Member.state(asked, deadline);
        if (then.rollbacks() != now.rollbacks()) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the member took back writes that the copy may hold");
        }
        BsonTimestamp reached = point;
        if (reached != null) {
            requireInOplog(asked, reached, deadline);
        }
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("mode", mode().label());
        evidence.put("local_directory", data().toString());
        evidence.put("timestamp", Timestamps.text(reached));
        evidence.put("term", Long.toString(now.term()));
        evidence.put("stepped_down", Boolean.toString(then.primary() != now.primary()));
        String position = reached == null ? "end of journal" : Timestamps.text(reached);
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, position, Duration.ZERO, evidence);
    }

    /** A member that was so slow that its peers have forgotten the point cannot be brought up to date from this copy. */
    static void requireInOplog(Server asked, BsonTimestamp reached, Deadline deadline) {
        if (Member.OplogWindow.ask(asked, deadline).first().compareTo(reached) > 0) {
            throw ErrorCode.APPLICATION_LOG_GAP.because(
                    "the oplog does not reach back to the point of the copy any more");
        }
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        if (lockAttempted) {
            thaw(deadline);
        }
        if (snapshot != null) {
            snapshot.close();
            snapshot = null;
        }
        closeCursor(deadline);
    }

    private void closeCursor(Deadline deadline) {
        if (heartbeat != null) {
            heartbeat.close();
            heartbeat = null;
        }
        BackupCursor open = cursor;
        cursor = null;
        if (open != null) {
            try {
                open.close(deadline);
            } catch (BackupException gone) {
                // The server gives it up by itself; what was copied was checked before.
                return;
            }
        }
    }

    @Override
    public void close() {
        if (heartbeat != null) {
            heartbeat.close();
            heartbeat = null;
        }
        if (unlocker != null) {
            unlocker.close();
            unlocker = null;
        }
        if (server != null) {
            server.close();
            server = null;
        }
    }

    static <T> T known(@Nullable T value, String phase) {
        if (value == null) {
            throw new IllegalStateException("this phase comes after " + phase);
        }
        return value;
    }
}
