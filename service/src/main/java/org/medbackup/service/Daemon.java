package org.medbackup.service;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.medbackup.control.ControlServer;
import org.medbackup.control.ControlSettings;
import org.medbackup.control.RoleMap;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.health.Health;
import org.medbackup.core.health.HealthFinding;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.linux.Supervisor;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.scheduler.SchedulerEvent;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.DrillEntry;
import org.medbackup.service.config.SecretReference;
import org.medbackup.service.config.ServiceEntry;
import org.medbackup.telemetry.Liveness;
import org.medbackup.telemetry.MeterSink;
import org.medbackup.telemetry.Meters;
import org.medbackup.telemetry.TraceSink;

/**
 * Runs the jobs of the configuration by itself: begins them when it is time, tells people, shows how it is doing, follows the
 * configuration file. Safe for use by several threads.
 */
public final class Daemon implements AutoCloseable {

    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration GAUGES = Duration.ofSeconds(15);
    private static final Duration TELLING = Duration.ofSeconds(10);

    private final MedBackup product;
    private final Settings settings;
    private final Incidents incidents;
    private final OperationLog log;
    private final TimeSource time;
    private final Liveness liveness;
    private final Meters meters = Meters.create();
    private final RunLogs runLogs;
    private final JobWork work;
    private final ExecutorService notices = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("medbackup-notices").factory());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<@Nullable UsageException> refused = new AtomicReference<>();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Secret password;
    private final Scheduler scheduler;
    private final CatalogueWatch catalogue;
    private final DrillWatch drills;
    private final @Nullable ControlServer control;
    private final Optional<Supervisor> supervisor;
    private final Optional<Duration> beat;
    private @Nullable FileStamp known;
    private @Nullable FileStamp seen;
    private long gauged;
    private long beaten;

    Daemon(
            MedBackup product,
            Settings settings,
            Path state,
            RepositoryAccess access,
            Incidents incidents,
            MedBackup.Heard heard,
            OperationLog log) {
        this.product = product;
        this.settings = settings;
        this.incidents = incidents;
        this.log = log;
        this.time = settings.time();
        this.liveness = new Liveness(time);
        this.runLogs = new RunLogs(time);
        this.catalogue = new CatalogueWatch(product.catalogue(), access, time);
        this.work = new JobWork(product, access, runLogs, time, meters::succeeded);
        Configuration configuration = product.configuration();
        ServiceEntry service = configuration.service();
        this.known = stamp(configuration);
        this.seen = known;
        this.gauged = time.nanos() - GAUGES.toNanos();
        this.beaten = time.nanos();
        this.supervisor = Supervisor.of(settings.environment().get("NOTIFY_SOCKET"));
        this.beat = Supervisor.beat(
                settings.environment().get("WATCHDOG_USEC"),
                settings.environment().get("WATCHDOG_PID"));
        SecretReference reference = service.password();
        this.password = reference == null ? Secret.ofText("") : reference.secret(settings.environment());
        String host = settings.actor().host();
        var reports = new ScheduleReports(incidents, host);
        // Before the scheduler: it may begin at once.
        parts.add(heard.add(new MeterSink(meters)));
        parts.add(heard.add(runLogs));
        if (!service.traces().isEmpty()) {
            TraceSink traces = TraceSink.to(URI.create(service.traces()), settings.entropy());
            parts.add(heard.add(traces));
            parts.add(traces);
        }
        // Before any run is begun: what cannot listen is told at once, and nothing is left half done.
        ControlServers servers = new ControlServers();
        this.scheduler = Scheduler.start(
                ScheduledJobs.settings(configuration, host),
                ScheduledJobs.store(configuration, state, password),
                ScheduledJobs.rules(configuration, host),
                work,
                event -> heard(event, reports),
                time,
                settings.entropy());
        this.drills = drills(access, host);
        try {
            this.control = service.listen().isEmpty() ? null : servers.open(service);
        } catch (RuntimeException unusable) {
            close();
            throw unusable;
        }
        protect(configuration);
        Thread.ofPlatform().daemon().name("medbackup-daemon").start(this::turn);
        Thread.ofPlatform().daemon().name("medbackup-incidents").start(this::tell);
        catalogue.start(scheduler.catalogue());
        drills.start();
        // Behind all that can fail.
        parts.add(product.audit().stream(service.sinks(), new AuditStreams.Parts(state, incidents, host, log)));
        supervisor.ifPresent(Supervisor::ready);
    }

    private DrillWatch drills(RepositoryAccess access, String host) {
        var parts = new DrillWatch.Parts(
                product::configuration,
                (drill, orders) -> rehearse(access, drill, orders),
                Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().name("medbackup-drill").factory()),
                new DrillQuiet(scheduler::list, product.restoresUnderWay()::isAny),
                new DrillReports(incidents, host, log),
                meters);
        var planning = new DrillPlanning(scheduler.drills(), settings.random()::nextLong);
        return new DrillWatch(parts, planning, scheduler.drills(), time, log);
    }

    private DrillChain rehearse(RepositoryAccess access, DrillEntry drill, List<DrillOrder> orders) {
        DrillChain chain = product.drills().run(access, orders, drill.objective());
        Path report = drill.report();
        if (report != null) {
            try {
                for (int i = 0; i < orders.size(); i++) {
                    product.evidence()
                            .write(chain.drills().get(i), orders.get(i).plan(), report, EvidenceRequest.NOTHING);
                }
            } catch (BackupException unwritten) {
                // The drill itself is in the audit trail.
                log.found(unwritten.code(), Facts.of("stage", "evidence"));
            }
        }
        return chain;
    }

    /** Opens the control API. */
    private final class ControlServers {

        ControlServer open(ServiceEntry service) {
            int colon = service.listen().lastIndexOf(':');
            String host = service.listen().substring(0, colon).replaceAll("[\\[\\]]", "");
            var address = new InetSocketAddress(
                    host, Integer.parseInt(service.listen().substring(colon + 1)));
            var how = new ControlSettings(address, service.tls(), RoleMap.of(service.roles()), Duration.ofSeconds(45));
            var calls = new DaemonControl(
                    scheduler,
                    incidents,
                    runLogs,
                    work.results(),
                    () -> product.jobs().missingCopies(),
                    Daemon.this::health,
                    product.access());
            return ControlServer.open(
                    how,
                    new ControlServer.Parts(
                            calls,
                            call -> product.controlled(call.actor(), call.action(), call.target(), call.allowed()),
                            meters::scrape,
                            unforeseen -> log.found(ErrorCode.INTERNAL, Facts.of("part", "control")),
                            time));
        }
    }

    private static @Nullable FileStamp stamp(Configuration configuration) {
        Path file = configuration.file();
        return file == null ? null : FileStamp.of(file);
    }

    private void protect(Configuration configuration) {
        configuration.jobs().values().forEach(job -> {
            if (job.schedule().rpo() != null) {
                meters.protectedBy(job.name(), job.schedule().rpo());
            }
        });
    }

    /** Where the control API listens; empty where there is none. */
    public Optional<InetSocketAddress> control() {
        return control == null ? Optional.empty() : Optional.of(control.address());
    }

    /** How it is doing. */
    public Health health() {
        List<HealthFinding> findings = new ArrayList<>();
        UsageException unusable = refused.get();
        if (unusable != null) {
            findings.add(
                    new HealthFinding(unusable.code(), "the configuration file was changed and cannot be used", false));
        }
        return liveness.health(findings);
    }

    /** Waits until it is closed. */
    public void await() {
        try {
            closed.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void heard(SchedulerEvent event, ScheduleReports reports) {
        if (event instanceof SchedulerEvent.Fenced) {
            meters.fencedWrite();
        }
        if (event instanceof SchedulerEvent.ClockCorrected) {
            log.found(ErrorCode.CLOCK_WAS_AHEAD, Facts.of("part", "schedule"));
        }
        if (event instanceof SchedulerEvent.Ended run) {
            catalogue.ended(run.job());
        }
        if (closed.getCount() > 0) {
            notices.execute(() -> reports.report(event));
        }
    }

    /** Once a second: the file, the gauges, the sign of life. */
    private void turn() {
        while (closed.getCount() > 0) {
            try {
                liveness.turned();
                follow();
                if (time.since(gauged).compareTo(GAUGES) >= 0) {
                    gauged = time.nanos();
                    gauge();
                }
                if (beat.isPresent() && time.since(beaten).compareTo(beat.get()) >= 0) {
                    beaten = time.nanos();
                    supervisor.ifPresent(Supervisor::alive);
                }
            } catch (BackupException silent) {
                // The scheduler says that its state is away; this only shows it.
                meters.health(health());
            }
            if (!pause(TURN)) {
                return;
            }
        }
    }

    /** Messages that are due although no job has ended. */
    private void tell() {
        while (closed.getCount() > 0) {
            try {
                List<org.medbackup.resilience.escalation.Incident> open = incidents.with(each -> each.incidents());
                var counts = new EnumMap<Severity, Integer>(Severity.class);
                open.forEach(each -> counts.merge(each.severity(), 1, Integer::sum));
                for (Severity severity : Severity.values()) {
                    meters.incidentsOpen(severity, counts.getOrDefault(severity, 0));
                }
            } catch (BackupException unsaid) {
                log.found(unsaid.code(), Facts.of("stage", "incidents"));
            }
            if (!pause(TELLING)) {
                return;
            }
        }
    }

    private boolean pause(Duration span) {
        try {
            return !closed.await(span.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void gauge() {
        Instant now = time.now();
        for (JobView job : scheduler.list()) {
            Duration rpo = job.rpo();
            if (rpo != null) {
                meters.rpoSlack(job.name(), rpo.minus(job.age()));
            }
            Instant good = job.lastGood();
            if (good != null) {
                meters.succeeded(job.name(), good);
            }
        }
        scheduler.catalogue().lastProven().forEach(meters::verified);
        var copies = new java.util.TreeMap<String, Integer>();
        product.configuration().targets().keySet().forEach(each -> copies.put(each, 0));
        for (CopyLedger.Missing each : product.jobs().missingCopies()) {
            copies.merge(CopyLedger.shown(each.to()), 1, Integer::sum);
        }
        copies.forEach(meters::copiesMissing);
        meters.health(health());
        supervisor.ifPresent(each -> each.status("at " + now));
    }

    /** Takes the configuration file up when it has changed and not changed since the last look. */
    private void follow() {
        FileStamp stamp = stamp(product.configuration());
        boolean settled = Objects.equals(stamp, seen);
        seen = stamp;
        if (!settled || Objects.equals(stamp, known)) {
            return;
        }
        known = stamp;
        reload();
    }

    /**
     * Reads the configuration file again: jobs, targets, schedules, channels and who is told hold from the next run on.
     * Applications, groups, the repository, the sections scheduler and control need a restart. A file that cannot be used
     * changes nothing.
     *
     * @return whether it holds now
     */
    public synchronized boolean reload() {
        Path file = product.configuration().file();
        if (file == null) {
            return false;
        }
        supervisor.ifPresent(Supervisor::reloading);
        try {
            Configuration next =
                    MedBackup.configurationFile(settings.environment()).load(file);
            scheduler.replace(ScheduledJobs.rules(next, settings.actor().host()));
            product.reconfigure(next);
            protect(next);
            refused.set(null);
            log.phase(
                    "configuration",
                    Outcome.SUCCESS,
                    Duration.ZERO,
                    Facts.of("jobs", next.jobs().size()));
            return true;
        } catch (UsageException unusable) {
            refused.set(unusable);
            log.found(unusable.code(), Facts.of("stage", "configuration"));
            return false;
        } finally {
            supervisor.ifPresent(Supervisor::ready);
        }
    }

    /** Tells all runs to stop, waits for them half a minute, and gives what is left back to be taken up again. */
    @Override
    public void close() {
        supervisor.ifPresent(Supervisor::stopping);
        closed.countDown();
        if (control != null) {
            control.close();
        }
        if (drills != null) {
            drills.close();
        }
        catalogue.close();
        if (scheduler != null) {
            scheduler.close();
        }
        notices.shutdown();
        for (AutoCloseable each : parts.reversed()) {
            try {
                each.close();
            } catch (Exception unclosed) {
                log.found(ErrorCode.INTERNAL, Facts.of("part", "ending"));
            }
        }
        password.close();
    }
}
