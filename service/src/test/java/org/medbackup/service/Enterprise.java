package org.medbackup.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.corpus.SeededRandom;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.resilience.escalation.Escalation;
import org.medbackup.scheduler.Claim;
import org.medbackup.scheduler.JobRules;
import org.medbackup.scheduler.RuleBook;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.scheduler.SchedulerEvent;
import org.medbackup.scheduler.SchedulerSettings;
import org.medbackup.scheduler.state.RunResult;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;
import org.medbackup.testkit.SimulatedApplications;
import org.medbackup.testkit.SimulatedChannels;
import org.medbackup.testkit.SimulatedTargets;

/**
 * A hospital of 20 applications on a simulated clock: real jobs, begun by the real scheduler, to a repository and two more
 * targets in memory; targets that are away for hours, calls that fail, applications that do not answer, processes that are
 * killed, all drawn by a seed. One thread does everything in one order.
 */
final class Enterprise implements AutoCloseable {

    static final int JOBS = 20;

    /** The application of this one is away from its first hours on for longer than the objective of its job. */
    private static final int SILENT_JOB = 4;

    private static final Duration LEASE = Duration.ofHours(3);
    private static final Duration STEP = Duration.ofMinutes(29);
    private static final String HOST = "hospital";

    /** What the processes of the operating system do when they are killed: nothing more. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /**
     * A good end of a run.
     *
     * @param point the moment that its restore point holds
     * @param visible when the run ended
     * @param snapshot its id
     * @param target that has it
     * @param text what the application's file held then
     */
    record Good(Instant point, Instant visible, String snapshot, String target, String text) {}

    /** Good ends by job, in order. */
    final Map<String, List<Good>> good = new TreeMap<>();
    /** What people were told. */
    final List<Notification> told = new CopyOnWriteArrayList<>();
    /** What happened, in order. */
    final List<String> log = new ArrayList<>();

    int deaths;
    int outages;
    int faults;
    int takeovers;
    final Map<String, Integer> ended = new TreeMap<>();

    private final Path folder;
    private final String name;
    private final SimulatedTime time;
    /** Of single calls and phases, which several threads make. */
    private final SeededRandom random;
    /** Of what happens to the whole, whatever the jobs do. */
    private final SeededRandom fates;

    private final SeededEntropy entropy;
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, Instant> awayUntil = new HashMap<>();
    private final Deque<Runnable> runs = new ArrayDeque<>();
    private final List<Scheduler> abandoned = new ArrayList<>();
    private final CredentialSource credential;
    private final RuleBook rules;
    private MedBackup product;
    private @Nullable Scheduler scheduler;
    private JobWork work;
    private ScheduleReports reports;
    private Instant back = Instant.MIN;
    private Instant nextOutage;
    private Instant nextDeath;
    private final Instant silentUntil;
    private int callsToLive;
    private boolean troubled;
    private boolean dead;

    Enterprise(Path folder, String name, Instant start, long seed) throws IOException {
        this.folder = folder;
        this.name = name;
        this.time = new SimulatedTime(start);
        this.random = SeededRandom.of(seed);
        this.fates = SeededRandom.of(seed, 1);
        this.nextOutage = start.plus(Duration.ofHours(8));
        this.nextDeath = start.plus(Duration.ofHours(15));
        // Longer than its objective allows, and over before the end.
        this.silentUntil = start.plus(Duration.ofHours(40));
        this.entropy = new SeededEntropy(seed);
        for (String target : List.of("", "-vault", "-cloud")) {
            SimulatedTargets.place(
                    name + target, new FaultyStore(new MemoryStore(), (call, object, number) -> fault(target)));
        }
        SimulatedChannels.place(name + "-desk", told::add);
        for (int job = 0; job < JOBS; job++) {
            int number = job;
            // Each is a system of its own.
            SimulatedApplications.place(name + "-" + job, phase -> phase(number, phase));
            write(job, "as it was before");
        }
        Files.writeString(folder.resolve("medbackup.yaml"), configuration());
        this.product = opened();
        try (Secret password = Secret.ofText(Site.PASSWORD)) {
            var byPassword = new RepositoryAccess("sim://" + name, new CredentialSource.Password(password));
            product.init(
                    byPassword,
                    null,
                    new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
            Path key = folder.resolve("owner.key");
            product.keys().exportRecovery(byPassword, key);
            this.credential = new CredentialSource.KeyFile(key);
        }
        this.rules = ScheduledJobs.rules(product.configuration(), HOST);
        this.work = newWork();
        this.reports = newReports();
        this.scheduler = begun();
        this.troubled = true;
    }

    private static String job(int number) {
        return "job%02d".formatted(number);
    }

    String silentJob() {
        return job(SILENT_JOB);
    }

    private Path source(int job) {
        return folder.resolve("source-" + job);
    }

    private void write(int job, String text) {
        try {
            Files.createDirectories(source(job));
            Files.writeString(source(job).resolve("records.txt"), text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String configuration() {
        var applications = new StringBuilder();
        var jobs = new StringBuilder();
        for (int job = 0; job < JOBS; job++) {
            boolean application = job % 2 == 0;
            if (application) {
                applications.append(
                        "  app%02d: {url: \"simulated://%s-%d%s\"}%n".formatted(job, name, job, source(job)));
            }
            String what =
                    application ? "application: app%02d".formatted(job) : "paths: [\"%s\"]".formatted(source(job));
            String place = List.of(", copies: [vault], spill: vault", ", copies: [cloud], spill: cloud", "")
                    .get(job % 3);
            // Every fourth one at night, around the hour that there is twice or not at all; the others by their
            // objective.
            String when = job % 4 == 3 ? "rpo: 30 h, schedule: {at: [\"02:30\"], jitter: 20 min}" : "rpo: 24 h";
            jobs.append("  %s: {%s, verify: structure%s, keep: {last: 4}, retryFor: 30 min, %s}%n"
                    .formatted(job(job), what, place, when));
        }
        return """
                repository: sim://%1$s
                channels:
                  desk: {address: "told://%1$s-desk"}
                escalation: {warning: [desk], error: [desk], critical: [desk]}
                governor: {timezone: Europe/Berlin}
                targets:
                  vault: {location: "sim://%1$s-vault"}
                  cloud: {location: "sim://%1$s-cloud"}
                applications:
                %2$sjobs:
                %3$s""".formatted(name, applications, jobs);
    }

    private MedBackup opened() {
        Settings usual = Settings.of(folder.resolve("state"), new Actor("simulation", HOST, null, null));
        var settings = new Settings(
                usual.state(),
                usual.actor(),
                EventSink.none(),
                Site.SMALL,
                "test 1.0",
                time,
                entropy,
                usual.processes(),
                usual.governor());
        return MedBackup.open(
                settings.with(MedBackup.configurationFile(Map.of()).load(folder.resolve("medbackup.yaml")), Map.of()));
    }

    private JobWork newWork() {
        return new JobWork(product, access(""), new RunLogs(time), time, (job, point) -> {});
    }

    private ScheduleReports newReports() {
        return new ScheduleReports(product.reported(), HOST);
    }

    private Scheduler begun() {
        return Scheduler.driven(
                SchedulerSettings.usual(HOST, HOST)
                        .withSlots(1)
                        .withTimes(Duration.ofMinutes(1), LEASE, Duration.ZERO)
                        .withHorizon(Duration.ZERO),
                ScheduledJobs.store(product.configuration(), folder.resolve("state"), Secret.ofText("")),
                rules,
                this::run,
                runs::add,
                this::hear,
                time,
                entropy);
    }

    private RepositoryAccess access(String target) {
        return new RepositoryAccess("sim://" + name + target, credential);
    }

    private RunResult run(Claim claim) {
        int number = Integer.parseInt(claim.job().substring(3));
        // A run that is taken up again may have made its restore point before.
        String text = texts.computeIfAbsent(claim.run(), first -> "written at " + time.now());
        write(number, text);
        // As long as such a backup takes.
        time.advance(Duration.ofMinutes(3 + number));
        RunResult result = work.run(claim);
        // A daemon looks at the objectives while runs go on; here this is the last moment before their end is known.
        turn();
        JobResult job = work.results().get(claim.run());
        if (job != null) {
            ended.merge(job.state().name(), 1, Integer::sum);
            Instant point = job.point();
            if (result.state().isGood() && point != null) {
                good.computeIfAbsent(claim.job(), absent -> new ArrayList<>())
                        .add(new Good(point, time.now(), job.snapshots().getFirst(), job.target(), text));
            }
        }
        log.add(time.now() + " " + claim.job() + " " + result.state());
        return result;
    }

    private void hear(SchedulerEvent event) {
        if (event instanceof SchedulerEvent.Began began && began.attempt() > 1) {
            takeovers++;
        }
        if (!dead) {
            reports.report(event);
        }
    }

    private synchronized Fault fault(String target) {
        if (dead) {
            throw new Killed();
        }
        if (!troubled) {
            return Fault.NONE;
        }
        if (awayUntil.getOrDefault(target, Instant.MIN).isAfter(time.now())) {
            return Fault.FAILS;
        }
        if (callsToLive > 0 && --callsToLive == 0) {
            dead = true;
            throw new Killed();
        }
        if (random.oneIn(300)) {
            faults++;
            return List.of(Fault.FAILS, Fault.ANSWER_LOST, Fault.CUT).get(random.below(3));
        }
        return Fault.NONE;
    }

    private synchronized void phase(int job, String phase) {
        if (dead) {
            throw new Killed();
        }
        if (troubled && job == SILENT_JOB && silentUntil.isAfter(time.now())) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("drawn");
        }
        if (troubled && !phase.equals("after") && random.oneIn(150)) {
            faults++;
            throw ErrorCode.APPLICATION_UNREACHABLE.because("drawn");
        }
    }

    /** Lets days pass. */
    void pass(Duration days) {
        Instant end = time.now().plus(days);
        while (time.now().isBefore(end)) {
            fate();
            Instant next = time.now().plus(STEP);
            Instant wanted = turn();
            next = wanted != null && wanted.isBefore(next) ? wanted : next;
            boolean idle = runs.isEmpty();
            doRuns();
            Duration wait = Duration.between(time.now(), next);
            // What has ended has left its place to the next.
            time.advance(idle && wait.isPositive() ? wait : Duration.ofSeconds(1));
        }
    }

    /** Looks, and tells people; null while there is no process. */
    private @Nullable Instant turn() {
        Scheduler turning = scheduler;
        if (turning == null) {
            return null;
        }
        Instant next = turning.turn();
        product.reported().with(Escalation::incidents);
        return next;
    }

    private void doRuns() {
        for (Runnable run = runs.poll(); run != null && !dead; run = runs.poll()) {
            try {
                run.run();
            } catch (Killed end) {
                log.add(time.now() + " killed");
            }
        }
        if (dead) {
            die();
        }
    }

    private void die() {
        deaths++;
        runs.clear();
        Scheduler gone = scheduler;
        if (gone != null) {
            abandoned.add(gone);
        }
        scheduler = null;
        try {
            product.close();
        } catch (RuntimeException | Killed asItDied) {
            log.add("closed as it died");
        }
        back = time.now().plus(Duration.ofMinutes(5 + random.below(200)));
    }

    private void fate() {
        if (scheduler == null && !time.now().isBefore(back)) {
            dead = false;
            product = opened();
            work = newWork();
            reports = newReports();
            scheduler = begun();
        }
        while (!nextOutage.isAfter(time.now())) {
            outages++;
            String target = fates.pick("", "-vault", "-cloud");
            Instant until = nextOutage.plus(Duration.ofMinutes(20 + fates.below(600)));
            awayUntil.put(target, until);
            log.add(time.now() + " " + (target.isEmpty() ? "repository" : target) + " is away until " + until);
            nextOutage = nextOutage.plus(Duration.ofMinutes(600 + fates.below(1_200)));
        }
        if (!nextDeath.isAfter(time.now())) {
            callsToLive = 1 + fates.below(500);
            nextDeath = nextDeath.plus(Duration.ofMinutes(900 + fates.below(1_200)));
        }
    }

    /** What goes wrong, ends; what had died is started again. */
    void calm() {
        troubled = false;
        back = Instant.MIN;
        fate();
    }

    Instant now() {
        return time.now();
    }

    Duration rpo(String job) {
        JobRules known = rules.jobs().get(job);
        Duration rpo = known == null ? null : known.rpo();
        if (rpo == null) {
            throw new IllegalStateException(job + " has no objective");
        }
        return rpo;
    }

    /** The ids of what a target holds. */
    List<String> snapshots(String target) {
        return product.snapshots(access(suffix(target)), "", new TreeMap<>()).stream()
                .map(each -> each.snapshot().id())
                .toList();
    }

    private static String suffix(String target) {
        return target.isEmpty() || target.equals("repository") ? "" : "-" + target;
    }

    /** Whether all of a target can be restored. */
    boolean isWhole(String target) {
        return product.verify(access(suffix(target)), VerifyLevel.RESTORE, 100, List.of())
                .isWhole();
    }

    /** What the application's file was in a restore point. */
    String restored(String target, String snapshot, int job) {
        var bytes = new ByteArrayOutputStream();
        product.dump(
                access(suffix(target)),
                snapshot,
                PathBytes.of(source(job).resolve("records.txt").toString()),
                Channels.newChannel(bytes));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        Scheduler last = scheduler;
        if (last != null) {
            last.close();
        }
        abandoned.forEach(Scheduler::close);
        product.close();
        for (String target : List.of("", "-vault", "-cloud")) {
            SimulatedTargets.remove(name + target);
        }
        for (int job = 0; job < JOBS; job++) {
            SimulatedApplications.remove(name + "-" + job);
        }
        SimulatedChannels.remove(name + "-desk");
    }
}
