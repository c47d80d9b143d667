package org.medbackup.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.medbackup.audit.files.Disk;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;

/**
 * The trail, and a spool for what must go on where the trail cannot be written: the events of some operations wait there, sealed
 * and bounded, and are appended in their order and with their times before anything else is, as soon as that is possible. All
 * other operations fail where the trail does. A damaged trail is not one that cannot be written: then nothing waits.
 *
 * <p>Safe for use by several threads, and by several processes of one host.
 */
public final class SpooledTrail implements EventSink, AutoCloseable {

    /** What the spool may have by default. */
    public static final long USUAL_BYTES = 16L << 20;

    private static final String PURPOSE = "medbackup audit spool v1";

    /** A trail that could not be written is not tried again sooner for an event that may wait. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final AuditTrail trail;
    private final AuditSpool spool;
    private final Records records;
    private final Predicate<String> mayWait;
    private final TimeSource time;
    private final Entropy entropy;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicLong spooled = new AtomicLong();
    private final AtomicLong takenUp = new AtomicLong();
    private volatile long failed;

    private SpooledTrail(
            AuditTrail trail,
            AuditSpool spool,
            Records records,
            Predicate<String> mayWait,
            TimeSource time,
            Entropy entropy) {
        this.trail = trail;
        this.spool = spool;
        this.records = records;
        this.mayWait = mayWait;
        this.time = time;
        this.entropy = entropy;
    }

    /**
     * Opens trail and spool. What waits is taken up now, where that is possible; where the trail cannot be written, it is tried
     * again at each event.
     *
     * @param folder of the trail
     * @param spool folder of the spool
     * @param mayWait by the name of its action, which operation goes on without the trail
     * @param most bytes that the spool may have
     * @throws org.medbackup.core.error.DamageException as {@link AuditTrail#open}
     */
    public static SpooledTrail open(
            Path folder,
            Path spool,
            Secret hostKey,
            TimeSource time,
            Entropy entropy,
            Predicate<String> mayWait,
            long most) {
        var disk = new Disk(channel -> channel.force(false));
        AuditTrail trail = AuditTrail.reach(folder, hostKey, time, entropy, disk);
        return of(trail, spool, disk, hostKey, time, entropy, mayWait, most);
    }

    static SpooledTrail of(
            AuditTrail trail,
            Path spool,
            Disk disk,
            Secret hostKey,
            TimeSource time,
            Entropy entropy,
            Predicate<String> mayWait,
            long most) {
        var seal = new HostSeal(hostKey, PURPOSE, entropy);
        var spooled = new SpooledTrail(
                trail,
                new AuditSpool(spool, disk, seal, entropy, most),
                new Records(TrailKeys.derive(hostKey)),
                mayWait,
                time,
                entropy);
        try {
            trail.head();
            spooled.takeUp();
        } catch (BackupException unusable) {
            if (!isUnwritable(unusable)) {
                trail.abandon();
                throw unusable;
            }
            spooled.failed = time.nanos();
        }
        return spooled;
    }

    private static boolean isUnwritable(BackupException failed) {
        return failed.code() == ErrorCode.STATE_UNUSABLE || failed.code() == ErrorCode.NO_SPACE;
    }

    /** The trail itself. */
    public AuditTrail trail() {
        return trail;
    }

    /** Whether something waits. */
    public boolean isWaiting() {
        return !spool.isEmpty();
    }

    /** How many events this process had to let wait. */
    public long spooled() {
        return spooled.get();
    }

    /** How many that waited this process has brought into the trail. */
    public long takenUp() {
        return takenUp.get();
    }

    @Override
    public void accept(BackupEvent event) {
        if (!Records.isRecorded(event)) {
            return;
        }
        boolean patient = isPatient(event);
        try {
            if (spool.isEmpty()) {
                trail.accept(event);
            } else if (!patient || time.since(failed).compareTo(PAUSE) >= 0) {
                takeUp();
                trail.accept(event);
            } else {
                append(event);
            }
        } catch (BackupException unusable) {
            if (!patient || !isUnwritable(unusable)) {
                throw unusable;
            }
            failed = time.nanos();
            append(event);
        } finally {
            if (event instanceof BackupEvent.Ended) {
                waiting.remove(event.operation());
            }
        }
    }

    private boolean isPatient(BackupEvent event) {
        if (event instanceof BackupEvent.Started started && mayWait.test(started.action())) {
            waiting.add(event.operation());
        }
        return event instanceof BackupEvent.LimitChanged || waiting.contains(event.operation());
    }

    private void append(BackupEvent event) {
        String record = records.waiting(event);
        try {
            boolean room = spool.exclusively(() -> spool.append(record));
            if (!room) {
                throw ErrorCode.STATE_UNUSABLE.because(
                        "the audit trail cannot be written, and what waits for it is as much as may wait");
            }
            spooled.incrementAndGet();
        } catch (IOException unusable) {
            throw Disk.translate(unusable);
        }
    }

    /** Appends all that waits, each once, whatever was interrupted before. */
    private void takeUp() {
        if (spool.isEmpty()) {
            return;
        }
        try {
            takenUp.addAndGet(spool.exclusively(this::takeUpAlone));
        } catch (IOException unusable) {
            throw Disk.translate(unusable);
        }
    }

    private long takeUpAlone() throws IOException {
        if (spool.isEmpty()) {
            return 0;
        }
        AuditSpool.Content content = spool.content();
        long before = spool.begin(trail.head().size());
        long done = recorded(content.name(), before);
        var late = new ArrayList<Recorded>();
        if (done < 0) {
            String operation = HexFormat.of().formatHex(entropy.bytes(8));
            late.add(new Recorded.TakenUp(
                    time.now(), operation, content.name(), content.records().size(), content.lost()));
        }
        for (long number = Math.max(0, done); number < content.records().size(); number++) {
            late.add(new Recorded.Late(content.records().get((int) number), content.name(), number));
        }
        trail.record(late);
        spool.takenUp(content);
        return content.records().size();
    }

    /** How many of its records stand in the trail already; -1 where nobody has begun. */
    private long recorded(String name, long from) {
        try (Stream<AuditEntry> entries = trail.entries(from)) {
            List<AuditEntry> found =
                    entries.filter(each -> each.isOfSpool(name)).toList();
            return found.isEmpty() ? -1 : found.size() - 1L;
        }
    }

    /** Closes the trail. Where it cannot be written and something waits, what is not signed yet is signed by the next one. */
    @Override
    public void close() {
        try {
            trail.close();
        } catch (BackupException unusable) {
            if (!isWaiting() || !isUnwritable(unusable)) {
                throw unusable;
            }
        }
    }
}
