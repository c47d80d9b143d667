package org.medbackup.scheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.scheduler.state.AskedRun;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.scheduler.state.DrillLedger;
import org.medbackup.scheduler.state.GoodPoint;
import org.medbackup.scheduler.state.Lease;
import org.medbackup.scheduler.state.NewRun;
import org.medbackup.scheduler.state.RunRecord;
import org.medbackup.scheduler.state.RunState;
import org.medbackup.scheduler.state.Snapshot;
import org.medbackup.scheduler.state.StateDatabase;
import org.medbackup.scheduler.state.Store;

/**
 * Begins jobs when it is time, on one of several equal workers. It knows when and who, not what: a run is handed to
 * {@link RunWork}. All workers of one state plan; whoever is first makes the run, and whoever has room takes it.
 *
 * <p>Safe for use by several threads. Methods that read or change the state fail with
 * {@link ErrorCode#STATE_DATABASE_UNAVAILABLE} while that does not answer; the worker itself goes on by itself.
 */
public final class Scheduler implements AutoCloseable {

    private static final Duration KEPT = Duration.ofDays(400);

    /** What a clock gains or loses between two looks when nobody sets it is much less. */
    private static final Duration CLOCK_SET = Duration.ofSeconds(3);

    private final SchedulerSettings settings;
    private final StateDatabase state;
    private final Consumer<SchedulerEvent> listener;
    private final TimeSource time;
    private final Hands hands;
    private final Outlook outlook;
    private final RpoMonitor monitor = new RpoMonitor(List.of());
    private final Set<Forecast.Breach> foretold = new HashSet<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Planner planner;
    private boolean configured;
    private boolean lost;
    private @Nullable Long renewed;
    private @Nullable Long looked;
    private @Nullable Moment last;
    private @Nullable Thread driver;

    Scheduler(
            SchedulerSettings settings,
            StateDatabase state,
            RuleBook rules,
            RunWork work,
            Hands.Launcher launcher,
            Consumer<SchedulerEvent> listener,
            TimeSource time) {
        this.settings = settings;
        this.state = state;
        this.listener = listener;
        this.time = time;
        this.planner = new Planner(rules, settings.seed());
        this.outlook = new Outlook(state);
        this.hands = new Hands(state, work, launcher, listener, time, settings.lease());
    }

    /**
     * Opens the state and begins to work, until it is closed.
     *
     * @param settings of this worker
     * @param store of the state
     * @param rules of all jobs
     * @param work does the runs
     * @param listener hears what happens, from several threads; it returns quickly and throws nothing
     * @throws BackupException as {@link Store#open}
     */
    public static Scheduler start(
            SchedulerSettings settings,
            Store store,
            RuleBook rules,
            RunWork work,
            Consumer<SchedulerEvent> listener,
            TimeSource time,
            Entropy entropy) {
        StateDatabase state = store.open(settings.worker(), settings.host(), time, entropy);
        Hands.Launcher threads = (name, run) -> Thread.ofVirtual().name(name).start(run);
        var scheduler = new Scheduler(settings, state, rules, work, threads, listener, time);
        // A platform thread: renewal of leases must not wait behind runs that keep all carriers busy.
        scheduler.driver =
                Thread.ofPlatform().daemon().name("medbackup-scheduler").start(scheduler::drive);
        return scheduler;
    }

    /**
     * Opens the state for a caller that has a loop of its own, such as a simulation: it calls {@link #turn} and does the
     * runs that are begun then. Leases are renewed by turns only.
     *
     * @param settings of this worker
     * @param store of the state
     * @param rules of all jobs
     * @param work what a run does when the caller does it
     * @param runs takes the runs that a turn begins; each is to be done after the turn, by any thread
     * @param listener hears what happens; it returns quickly and throws nothing
     * @throws BackupException as {@link Store#open}
     */
    public static Scheduler driven(
            SchedulerSettings settings,
            Store store,
            RuleBook rules,
            RunWork work,
            Executor runs,
            Consumer<SchedulerEvent> listener,
            TimeSource time,
            Entropy entropy) {
        StateDatabase state = store.open(settings.worker(), settings.host(), time, entropy);
        return new Scheduler(settings, state, rules, work, (name, run) -> runs.execute(run), listener, time);
    }

    /**
     * Opens the state to look at it and to steer workers; begins nothing itself.
     *
     * @param settings of this process, whose slots do not matter
     * @throws BackupException as {@link Store#open}
     */
    public static Scheduler watching(
            SchedulerSettings settings, Store store, RuleBook rules, TimeSource time, Entropy entropy) {
        StateDatabase state = store.open(settings.worker(), settings.host(), time, entropy);
        state.configure(rules.jobs().keySet(), time.now());
        RunWork none = claim -> {
            throw new IllegalStateException("it begins nothing");
        };
        return new Scheduler(settings.withSlots(0), state, rules, none, (name, run) -> {}, event -> {}, time);
    }

    private void drive() {
        try {
            while (!closed.get()) {
                turn();
                time.sleep(settings.poll());
            }
        } catch (CancelledException closing) {
            // Woken by close.
            return;
        }
    }

    /**
     * Looks once: renews leases, takes over what the dead have left, begins what is due, and looks at the objectives. The
     * thread of {@link #start} does this again and again; after {@link #driven} the caller does.
     *
     * @return when to look again at the latest, where nothing else happens before; null where only something else helps
     */
    public synchronized @Nullable Instant turn() {
        if (closed.get()) {
            return null;
        }
        try {
            Instant next = look();
            if (lost) {
                lost = false;
                listener.accept(new SchedulerEvent.StateBack(time.now()));
            }
            return next;
        } catch (RuntimeException failed) {
            // Also what nobody has foreseen: a scheduler that ends without a word is a backup that nobody makes.
            hands.stopUnlessConfirmed();
            if (!lost) {
                lost = true;
                ErrorCode code = failed instanceof BackupException known ? known.code() : ErrorCode.INTERNAL;
                listener.accept(new SchedulerEvent.StateLost(time.now(), code));
            }
            return time.now().plus(settings.poll());
        }
    }

    /** Both clocks at the same moment. */
    private record Moment(Instant wall, long nanos) {}

    /** Whether the wall clock was set since the last look; also at the first one, where nobody knows. */
    private boolean isClockSet(Instant now) {
        Moment before = last;
        last = new Moment(now, time.nanos());
        if (before == null) {
            return true;
        }
        Duration difference = Duration.between(before.wall().plus(time.since(before.nanos())), now);
        return difference.abs().compareTo(CLOCK_SET) > 0;
    }

    /** What was written by a clock that was ahead must keep no job from running, and leases are no longer what they were. */
    private void correctClock(Instant now) {
        if (isClockSet(now)) {
            renewed = null;
            if (state.correctClock(settings.lease()) > 0) {
                outlook.forget();
                listener.accept(new SchedulerEvent.ClockCorrected(now));
            }
        }
    }

    private @Nullable Instant look() {
        Planner current = planner;
        Instant now = time.now();
        correctClock(now);
        if (!configured) {
            state.configure(current.book().jobs().keySet(), now);
            configured = true;
        }
        if (renewed == null || time.since(renewed).compareTo(settings.lease().dividedBy(3)) >= 0) {
            long begun = time.nanos();
            hands.renew();
            state.seen();
            renewed = begun;
        }
        park(current.book(), now);
        Snapshot snapshot = tidied(now);
        Map<String, Situation> situations = outlook.situations(current.book(), snapshot);
        Plan plan = current.plan(situations, now);
        for (Plan.Start start : plan.starts()) {
            enqueue(current.book(), start, situations.get(start.job()));
        }
        if (!plan.starts().isEmpty() || snapshot.open().stream().anyMatch(each -> !isOurs(each))) {
            claim(current.book(), now);
        }
        Instant worse = watch(current.book(), situations, snapshot.points(), now);
        foresee(current, situations, now);
        Instant next = plan.next();
        return next == null || (worse != null && worse.isBefore(next)) ? worse : next;
    }

    /** What the state knows, after what is over was ended and what the dead have left was freed. */
    private Snapshot tidied(Instant now) {
        Snapshot snapshot = state.snapshot();
        boolean over = snapshot.open().stream()
                .anyMatch(each -> each.cancelRequested()
                        || (each.state() == RunState.PENDING && !each.beginBy().isAfter(now)));
        boolean others = snapshot.open().stream().anyMatch(each -> each.state() == RunState.RUNNING && !isOurs(each));
        boolean changed = over && state.settle(now) > 0;
        changed |= others && state.buryDead() > 0;
        return changed ? state.snapshot() : snapshot;
    }

    private boolean isOurs(RunRecord run) {
        return run.state() == RunState.RUNNING && state.worker().equals(run.worker());
    }

    private void enqueue(RuleBook book, Plan.Start start, @Nullable Situation situation) {
        JobRules rules = book.jobs().get(start.job());
        if (rules != null && situation != null) {
            state.enqueue(new NewRun(
                    start.job(),
                    start.due(),
                    situation.known().enqueued(),
                    start.urgency(),
                    rules.priority(),
                    rules.pinnedHost(),
                    start.beginBy(),
                    book.uses(rules)));
        }
    }

    private void claim(RuleBook book, Instant now) {
        Set<String> jobs = new TreeSet<>(book.jobs().keySet());
        while (hands.count() < settings.slots()) {
            Optional<Lease> taken = state.claim(jobs, settings.lease(), now);
            if (taken.isEmpty()) {
                return;
            }
            String job = taken.get().job();
            hands.begin(taken.get(), why -> resumes(job, why));
        }
    }

    /** When a run goes on that was told to stop. */
    private Instant resumes(String job, Claim.Stop why) {
        Instant now = time.now();
        JobRules rules = planner.book().jobs().get(job);
        return why == Claim.Stop.WINDOW_OVER && rules != null
                ? rules.hours().opens(now).orElse(now)
                : now;
    }

    private void park(RuleBook book, Instant now) {
        for (Claim each : hands.claims()) {
            JobRules rules = book.jobs().get(each.job());
            if (rules != null
                    && rules.overrun() == Overrun.PARK
                    && !rules.hours().isOpen(now)) {
                each.end(Claim.Stop.WINDOW_OVER);
            }
        }
    }

    private @Nullable Instant watch(
            RuleBook book, Map<String, Situation> situations, List<GoodPoint> points, Instant now) {
        monitor.replace(Outlook.objectives(book, situations.values()));
        for (RpoMonitor.Standing each : monitor.look(now, points)) {
            listener.accept(new SchedulerEvent.ObjectiveChanged(now, each));
        }
        return monitor.next(now, points);
    }

    /** Once an hour. */
    private void foresee(Planner current, Map<String, Situation> situations, Instant now) {
        boolean due = looked == null || time.since(looked).compareTo(Duration.ofHours(1)) >= 0;
        if (settings.horizon().isZero() || !due) {
            return;
        }
        looked = time.nanos();
        state.prune(now.minus(KEPT));
        Forecast forecast = new Forecaster(current, situations).until(now, now.plus(settings.horizon()));
        foretold.retainAll(forecast.breaches());
        for (Forecast.Breach each : forecast.breaches()) {
            if (foretold.add(each)) {
                listener.accept(new SchedulerEvent.WillMiss(now, each));
            }
        }
    }

    /** All jobs, by name. */
    public List<JobView> list() {
        Planner current = planner;
        Snapshot snapshot = state.snapshot();
        return Outlook.views(current, outlook.situations(current.book(), snapshot), snapshot.points(), time.now());
    }

    /**
     * One job.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#JOB_NOT_CONFIGURED}
     */
    public JobView status(String job) {
        demand(job);
        return list().stream()
                .filter(each -> each.name().equals(job))
                .findFirst()
                .orElseThrow(() -> ErrorCode.JOB_NOT_CONFIGURED.because("the state does not know it yet"));
    }

    /** The last runs of a job, newest first. */
    public List<RunRecord> runs(String job, int most) {
        demand(job);
        return state.runs(job, most);
    }

    /** Begins no new run of a job until it is resumed, on any worker; what runs goes on. */
    public void pause(String job) {
        demand(job);
        state.pause(job, true);
    }

    /** Lets a paused job run again. */
    public void resume(String job) {
        demand(job);
        state.pause(job, false);
    }

    /**
     * Asks for the end of what a job has open, on any worker.
     *
     * @return whether it had anything open
     */
    public boolean cancel(String job) {
        demand(job);
        boolean any = state.cancel(job) > 0;
        synchronized (this) {
            renewed = null;
        }
        return any;
    }

    /**
     * Makes a run now, whatever hours and dependencies say; limits of runs at once hold, and a pause does not end.
     *
     * @return its id; empty where a run of the job is open already
     */
    public Optional<String> startNow(String job) {
        Instant now = time.now();
        return byHand(job, now).flatMap(state::enqueueByHand);
    }

    /**
     * The same under a key, once however often it is asked: whoever asks again gets the run that was made then, also when it
     * is over, and from whichever worker.
     *
     * @return empty where a run of the job is open that was not asked for under this key; a run of another job where the key
     *     was used for that
     */
    public Optional<AskedRun> startNow(String job, String key) {
        Instant now = time.now();
        return byHand(job, now).flatMap(run -> state.enqueueByHand(run, key, now));
    }

    private Optional<NewRun> byHand(String job, Instant now) {
        demand(job);
        Planner current = planner;
        state.configure(Set.of(job), now);
        Situation situation =
                outlook.situations(current.book(), state.snapshot()).get(job);
        JobRules rules = current.book().jobs().get(job);
        if (situation == null || rules == null) {
            return Optional.empty();
        }
        return Optional.of(new NewRun(
                job,
                now,
                situation.known().enqueued(),
                now,
                rules.priority(),
                rules.pinnedHost(),
                NewRun.NEVER,
                current.book().uses(rules)));
    }

    /** Which restore points there are at which target; of use until this is closed. */
    public Catalogue catalogue() {
        return state.catalogue();
    }

    /** Which drills there were; of use until this is closed. */
    public DrillLedger drills() {
        return state.drills();
    }

    /** One run of any job; empty where it is not known, or not any more. */
    public Optional<RunRecord> run(String id) {
        return state.run(id);
    }

    /** Other rules from now on; what runs goes on. Jobs that are not among them any more keep their history. */
    public synchronized void replace(RuleBook rules) {
        planner = new Planner(rules, settings.seed());
        configured = false;
        looked = null;
        outlook.forget();
    }

    /** What will happen until an instant if every run succeeds and takes as long as its last ones. */
    public Forecast forecast(Instant until) {
        Planner current = planner;
        return new Forecaster(current, outlook.situations(current.book(), state.snapshot())).until(time.now(), until);
    }

    private void demand(String job) {
        if (!planner.book().jobs().containsKey(job)) {
            throw ErrorCode.JOB_NOT_CONFIGURED.because("the rules have none").about(job);
        }
    }

    /**
     * Stops looking, tells all runs to stop, waits for them as long as the settings allow, and gives all that is left back: it
     * can be taken by others at once.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread looking = driver;
        if (looking != null) {
            looking.interrupt();
        }
        hands.claims().forEach(each -> each.end(Claim.Stop.CLOSING));
        Deadline drained = Deadline.after(time, settings.drain());
        while (hands.count() > 0 && !drained.hasPassed()) {
            time.sleep(Duration.ofMillis(20));
        }
        hands.claims().forEach(this::giveBack);
        state.close();
    }

    private void giveBack(Claim left) {
        left.end(Claim.Stop.LEASE_LOST);
        try {
            state.release(left.run(), left.epoch(), time.now());
        } catch (BackupException silent) {
            // Its lease will be over.
            return;
        }
    }
}
