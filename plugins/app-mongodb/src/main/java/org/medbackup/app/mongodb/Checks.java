package org.medbackup.app.mongodb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;

/** What has to hold before a member is backed up, each with the act that mends it. */
record Checks(Server server, Member member, Path data, Settings settings, Deadline deadline) {

    private static final int WINDOWS = 3;

    List<Readiness> run(Settings.Mode mode, FileSystemSnapshots.Ability snapshots) {
        List<Readiness> found = new ArrayList<>();
        found.add(files());
        found.add(way(mode, snapshots));
        if (member.isInSet()) {
            Member.Health health = Member.Health.ask(server, deadline);
            found.add(lag(health));
            found.add(window());
            if (mode == Settings.Mode.LOCK) {
                found.add(hidden());
                found.add(majority(health));
            }
        }
        if (mode == Settings.Mode.LOCK) {
            found.add(unlocked());
        }
        return List.copyOf(found);
    }

    private static Readiness of(String name, boolean ok, String message, String remedy) {
        return new Readiness(name, ok, message, ok ? "" : remedy);
    }

    Readiness files() {
        return of(
                "data_directory",
                Files.isReadable(data) && Files.isRegularFile(data.resolve("WiredTiger")),
                "the data directory holds files of WiredTiger that can be read here",
                "run on the member's machine, as root or as the account that owns its files, or set dataDirectory");
    }

    private Readiness way(Settings.Mode mode, FileSystemSnapshots.Ability snapshots) {
        return switch (mode) {
            case CURSOR -> cursor();
            case SNAPSHOT ->
                of(
                        "snapshot",
                        snapshots.isPossible() && snapshots.atomic(),
                        snapshots.isPossible()
                                ? "one snapshot holds data and journal as of one instant"
                                : snapshots.why(),
                        "put data and journal on one volume that can be snapshot, or use mode lock or cursor");
            case LOCK, AUTO ->
                of(
                        "snapshot",
                        snapshots.isPossible(),
                        snapshots.isPossible() ? "the data directory can be snapshot" : snapshots.why(),
                        "use an edition with backup cursors, or put the data directory on LVM or Btrfs");
        };
    }

    Readiness cursor() {
        return of(
                "backup_cursor",
                member.offersCursor(),
                "this edition " + (member.offersCursor() ? "has" : "does not have") + " backup cursors",
                "use Percona Server for MongoDB or MongoDB Enterprise, or mode snapshot or lock");
    }

    private Readiness lag(Member.Health health) {
        return of(
                "replication_lag",
                health.lag().compareTo(settings.maxLag()) <= 0,
                "the member is " + health.lag().toSeconds() + " s behind the primary",
                "wait until it has caught up, back up another member, or raise maxLagSeconds");
    }

    Readiness window() {
        Duration window = Member.OplogWindow.ask(server, deadline).length();
        Duration needed = settings.expectedCopy().multipliedBy(WINDOWS);
        return of(
                "oplog_window",
                window.compareTo(needed) >= 0,
                "the oplog reaches back " + window.toMinutes() + " min",
                "enlarge it: db.adminCommand({replSetResizeOplog: 1, size: MEGABYTES}), or lower expectedCopyMinutes");
    }

    private Readiness hidden() {
        boolean ok = member.state().hidden() && !member.state().primary() || settings.allowPrimary();
        return of(
                "hidden_member",
                ok,
                member.state().primary()
                        ? "the member is the primary"
                        : "the member is one that applications read from",
                "back up a hidden secondary (rs.reconfig with hidden: true, priority: 0), or set allowPrimary: true");
    }

    private Readiness majority(Member.Health health) {
        return of(
                "majority",
                health.isMajorityWithoutThis(),
                health.healthy() + " of " + health.voters() + " members are healthy",
                "bring the other members up first: while this one is locked the rest must be a majority");
    }

    private Readiness unlocked() {
        return of(
                "not_locked",
                !Lock.isHeld(server, deadline),
                "nobody holds a lock of the member",
                "find out who locked it, then db.fsyncUnlock()");
    }
}
