package org.medbackup.scheduler.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * The state of jobs and runs, as one worker sees it. What a call has returned from is durable. Calls that carry an epoch give
 * false where the run is another worker's by now: whoever reads false stops at once.
 *
 * <p>Any call may fail with {@link ErrorCode#STATE_DATABASE_UNAVAILABLE} or {@link ErrorCode#NO_SPACE}; the same call may be
 * made again later. Safe for use by several threads; an interrupt does not end a call.
 */
public final class StateDatabase implements AutoCloseable {

    /** Bytes that a checkpoint may have. */
    public static final int MOST_CHECKPOINT_BYTES = 64 * 1024;

    private final Dialect dialect;
    private final Lane lane;
    private final RunTable runs;
    private final Entropy entropy;
    private final String worker;
    private final String host;
    private final long presenceKey;

    private StateDatabase(Dialect dialect, Lane lane, String worker, String host, Entropy entropy) {
        this.dialect = dialect;
        this.lane = lane;
        this.worker = worker;
        this.host = host;
        this.entropy = entropy;
        this.runs = new RunTable(dialect, worker, host);
        long key = 0;
        for (byte each : entropy.bytes(Long.BYTES)) {
            key = key << Byte.SIZE | each & 0xff;
        }
        this.presenceKey = key;
    }

    static StateDatabase open(Store store, String worker, String host, TimeSource time, Entropy entropy) {
        Dialect dialect = Dialect.of(store, time);
        var lane = new Lane(dialect, "medbackup-state");
        // A process that begins again is another worker: it must not renew what the one before it held.
        String process = worker + "#" + HexFormat.of().formatHex(entropy.bytes(4));
        var state = new StateDatabase(dialect, lane, process, host, entropy);
        try {
            lane.write("upgrade", new Migrations(dialect)::upgrade);
            state.seen();
            return state;
        } catch (BackupException failed) {
            lane.close();
            dialect.lieDown();
            throw failed;
        }
    }

    /** The name of this worker in the state: that which was given, and a part that is new for each process. */
    public String worker() {
        return worker;
    }

    /** Says that this worker lives. Call it as often as leases are renewed. */
    public void seen() {
        lane.write("seen", connection -> {
            Long presence = dialect.standUp(presenceKey);
            WorkerTable.seen(connection, dialect, worker, host, presence);
            return true;
        });
    }

    /** Makes jobs known; those that are known keep what is known of them. */
    public void configure(Collection<String> jobs, Instant now) {
        lane.write("configure", connection -> {
            JobTable.configure(connection, jobs, now);
            return true;
        });
    }

    /** What planning needs, in one call. */
    public Snapshot snapshot() {
        return lane.read("snapshot", connection -> {
            // Read before the jobs: a run that ends in between counts as open, and none is begun beside it.
            List<RunRecord> open = RunTable.open(connection);
            return new Snapshot(JobTable.all(connection), open, JobTable.goodPoints(connection));
        });
    }

    /** What is known of all jobs that were ever configured, by name. */
    public List<JobRecord> jobs() {
        return lane.read("jobs", JobTable::all);
    }

    /**
     * Pauses a job or lets it go on. What runs goes on.
     *
     * @return false where the job is not known
     */
    public boolean pause(String job, boolean paused) {
        return lane.write("pause", connection -> JobTable.pause(connection, job, paused));
    }

    /** How long its last good runs took, newest first. */
    public List<Duration> durations(String job, int most) {
        return lane.read("durations", connection -> JobTable.durations(connection, job, most));
    }

    /** The newest good restore points by object and target. */
    public List<GoodPoint> goodPoints() {
        return lane.read("goodPoints", JobTable::goodPoints);
    }

    /** Keeps a restore point that no run of a job here has made, where it is the newest. */
    public void goodPoint(GoodPoint point) {
        lane.write("goodPoint", connection -> {
            JobTable.goodPoint(connection, point);
            return true;
        });
    }

    /**
     * Makes a run, once however many schedulers want it.
     *
     * @return its id; empty where the job has a run for that time, or one that is open, or got one since the plan was made,
     *     or is paused
     */
    public Optional<String> enqueue(NewRun run) {
        return enqueue(run, false);
    }

    /** As {@link #enqueue(NewRun)} at somebody's wish: also for a job that is paused, and no planned time is used up. */
    public Optional<String> enqueueByHand(NewRun run) {
        return enqueue(run, true);
    }

    /**
     * As {@link #enqueueByHand(NewRun)}, once for each key: whoever asks again gets the run that was made then, for as long as
     * runs are kept.
     *
     * @return empty where none could be made; one of another job where the key was used for that
     */
    public Optional<AskedRun> enqueueByHand(NewRun run, String key, Instant now) {
        String id = HexFormat.of().formatHex(entropy.bytes(16));
        @Nullable
        AskedRun asked = lane.<@Nullable AskedRun>write("ask", connection -> runs.ask(connection, id, run, key, now));
        return Optional.ofNullable(asked);
    }

    private Optional<String> enqueue(NewRun run, boolean byHand) {
        String id = HexFormat.of().formatHex(entropy.bytes(16));
        boolean made = lane.write("enqueue", connection -> runs.enqueue(connection, id, run, byHand));
        return made ? Optional.of(id) : Optional.empty();
    }

    /**
     * Takes the most urgent run that this worker may do: one that waits, or one whose worker's lease is over.
     *
     * @param jobs which this worker knows
     * @param lease for how long it has it without {@link #renew}
     */
    public Optional<Lease> claim(Set<String> jobs, Duration lease, Instant now) {
        if (jobs.isEmpty() || !lane.<Boolean>read("claim", connection -> runs.hasFree(connection, now))) {
            return Optional.empty();
        }
        @Nullable Lease taken = lane.write("claim", connection -> runs.claim(connection, jobs, lease, now));
        return Optional.ofNullable(taken);
    }

    /** Lengthens all leases of this worker, and says which it still has. */
    public List<Held> renew(Duration lease) {
        return lane.write("renew", connection -> runs.renew(connection, lease));
    }

    /** Whether this worker still has a run. */
    public boolean isHeld(String run, long epoch) {
        return lane.read("isHeld", connection -> runs.isHeld(connection, run, epoch));
    }

    /**
     * Keeps what the next worker needs to go on.
     *
     * @throws IllegalArgumentException for more than {@link #MOST_CHECKPOINT_BYTES}
     */
    public boolean checkpoint(String run, long epoch, byte[] content) {
        if (content.length > MOST_CHECKPOINT_BYTES) {
            throw new IllegalArgumentException("a checkpoint of " + content.length + " bytes");
        }
        return lane.write("checkpoint", connection -> runs.checkpoint(connection, run, epoch, content));
    }

    /** Marks a run as published: true for one epoch of it, however often that asks, false for all others. */
    public boolean publish(String run, long epoch) {
        return lane.write("publish", connection -> runs.publish(connection, run, epoch));
    }

    /** Gives a run back, with its checkpoint, to be taken again from an instant on. */
    public boolean release(String run, long epoch, Instant notBefore) {
        return lane.write("release", connection -> runs.release(connection, run, epoch, notBefore));
    }

    /** Ends a run. */
    public boolean finish(String run, long epoch, RunResult result, Instant now) {
        return lane.write("finish", connection -> runs.finish(connection, run, epoch, result, now));
    }

    /** Asks for the end of what a job has open; how many runs that are. */
    public int cancel(String job) {
        return lane.write("cancel", connection -> RunTable.cancel(connection, job));
    }

    /** Ends runs that were not begun in time, and cancelled ones that nobody has; how many. */
    public int settle(Instant now) {
        return lane.write("settle", connection -> runs.settle(connection, now));
    }

    /** Ends the leases of workers that died, where the store tells it at once; how many runs can be taken over. */
    public int buryDead() {
        if (dialect.isDead("").isEmpty()) {
            return 0;
        }
        return lane.write("buryDead", connection -> WorkerTable.buryDead(connection, dialect, worker));
    }

    /**
     * Forgets what the state says of times that have not come yet: it was written by a clock that has been set back since.
     * Clocks of workers that differ by less than ten minutes change nothing.
     *
     * @param lease how long a lease is
     * @return how much was wrong
     */
    public int correctClock(Duration lease) {
        return lane.write("correctClock", connection -> ClockCorrection.make(connection, dialect, lease));
    }

    /** Forgets runs that ended before an instant; how many. */
    public int prune(Instant endedBefore) {
        return lane.write("prune", connection -> RunTable.prune(connection, endedBefore));
    }

    /** All runs that still have to be done. */
    public List<RunRecord> open() {
        return lane.read("open", RunTable::open);
    }

    /** The last runs of a job, newest first. */
    public List<RunRecord> runs(String job, int most) {
        return lane.read("runs", connection -> RunTable.ofJob(connection, job, most));
    }

    /** One run; empty where it is not known, or not any more. */
    public Optional<RunRecord> run(String id) {
        return lane.read("run", connection -> RunTable.of(connection, id));
    }

    /** Which restore points there are; closed with this. */
    public Catalogue catalogue() {
        return new Catalogue(dialect, lane);
    }

    /** Which drills there were; closed with this. */
    public DrillLedger drills() {
        return new DrillLedger(lane);
    }

    /** All workers that are known. */
    public List<WorkerRecord> workers() {
        return lane.read("workers", WorkerTable::all);
    }

    /** Says that this worker is no more, and closes. What it still holds is another's when its leases are over. */
    @Override
    public void close() {
        try {
            lane.write("gone", connection -> {
                WorkerTable.gone(connection, worker);
                return true;
            });
        } catch (BackupException silent) {
            // It is forgotten by the others when it is not seen any more.
            return;
        } finally {
            lane.close();
            dialect.lieDown();
        }
    }
}
