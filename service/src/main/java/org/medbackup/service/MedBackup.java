package org.medbackup.service;

import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditProof;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.SpooledTrail;
import org.medbackup.audit.StampCheck;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.audit.report.ReportCheck;
import org.medbackup.audit.report.ReportVerification;
import org.medbackup.core.HostSeal;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.event.EventSink;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ContentCheck;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.core.spi.place.LockGeneration;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.StoreGateway;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.CollectResult;
import org.medbackup.engine.CopyResult;
import org.medbackup.engine.Credential;
import org.medbackup.engine.Difference;
import org.medbackup.engine.Entry;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.RepairResult;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RepositoryStats;
import org.medbackup.engine.RestorePlan;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.Suspicion;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.governor.Governor;
import org.medbackup.governor.observe.Observer;
import org.medbackup.recovery.MicroProbe;
import org.medbackup.recovery.Prediction;
import org.medbackup.recovery.RestorePredictor;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.service.Operations.Ending;
import org.medbackup.service.compliance.Survey;
import org.medbackup.service.config.Configuration;
import org.medbackup.service.config.ConfigurationFile;
import org.medbackup.telemetry.JsonLines;

/**
 * The product. Each method is one operation: it begins and ends in the audit trail, and does its work through the
 * components. Safe for use by several threads.
 *
 * <p>Every method fails with {@link org.medbackup.core.error.BackupException}; what was committed before is unharmed.
 */
public final class MedBackup implements AutoCloseable {

    private static final Pattern WHOLE_ID = Pattern.compile("[0-9a-f]{32}");

    private final Settings settings;
    private final StateFolder state;
    private final Heard heard = new Heard();
    private volatile Configuration configuration;
    private final Secret hostKey;
    private final SpooledTrail trail;
    private final AuditTrail audit;
    private final EventSink sink;
    private final Operations operations;
    private final LimitRecord limits;
    private final ConfiguredLimits configured;
    private final Repositories repositories;
    private final KeyOperations keys;
    private final ApplicationOperations applications;
    private final LogOperations logs;
    private final RunningCommands running;
    private final Governor.Fencing fence;
    private final Governor.Sharing shared;
    private final Observer observer;
    private final Incidents incidents;
    private final PolicyOperations policies;
    private final RestoresUnderWay restores;
    private final Emergencies emergencies;
    private final AccessStore accessStore;
    private final AccessControl control;
    private final AccessGuard guard;
    private final AnomalyWatch anomalies;
    private final ClockWitness clock;
    private final AuditAnchors anchors;
    private final AuditAlarm alarm;

    private MedBackup(Settings settings) {
        this.settings = settings;
        this.configuration = settings.configuration();
        this.state = new StateFolder(settings.state(), settings.entropy());
        this.hostKey = state.hostKey();
        this.trail = SpooledTrail.open(
                state.audit(),
                state.spool(),
                hostKey,
                settings.time(),
                settings.entropy(),
                AuditAlarm::goesOn,
                SpooledTrail.USUAL_BYTES);
        this.audit = trail.trail();
        this.restores = new RestoresUnderWay(state.folder());
        this.sink = EventSink.all(List.of(trail, settings.listener(), heard, restores));
        this.accessStore =
                new AccessStore(state.folder(), new HostSeal(hostKey, AccessStore.PURPOSE, settings.entropy()));
        this.emergencies = new Emergencies(accessStore, this::reported);
        this.control = new AccessControl(settings, accessStore, emergencies);
        this.guard = new AccessGuard(settings, control, accessStore);
        this.operations = new Operations(settings, sink, control);
        this.limits = new LimitRecord(settings, sink);
        this.incidents = new Incidents(settings, state.folder(), hostKey, sink, this::configuration);
        this.alarm = new AuditAlarm(trail, incidents, settings.actor().host());
        this.policies = new PolicyOperations(
                settings,
                operations,
                new PolicyStore(state.folder(), new HostSeal(hostKey, PolicyStore.PURPOSE, settings.entropy())),
                this::configuration,
                guard);
        this.anomalies = new AnomalyWatch(
                settings,
                new AnomalyHistory(state.folder(), new HostSeal(hostKey, AnomalyHistory.PURPOSE, settings.entropy())),
                new AnomalyReports(incidents, settings.actor().host()),
                this::routing,
                () -> configuration().anomaly());
        this.clock = new ClockWitness(
                state.folder(), new HostSeal(hostKey, ClockWitness.PURPOSE, settings.entropy()), settings.time());
        this.repositories = new Repositories(
                settings,
                state.folder(),
                hostKey,
                operations,
                new Yielding(settings, sink),
                new Stores(settings.time(), settings.random()),
                policies::activated,
                this::configuration,
                control,
                guard);
        this.anchors = new AuditAnchors(
                settings,
                audit,
                hostKey,
                repositories,
                operations,
                this::lockOfAnchors,
                new AuditStamps(audit, operations, this::configuration));
        this.running = new RunningCommands(state.folder(), settings.actor(), operations);
        this.keys = new KeyOperations(operations, repositories);
        var protection = new FreezeProtection(settings, state.folder(), hostKey);
        protection.recover(operations);
        var found = new Applications(settings);
        this.logs = new LogOperations(settings, state, repositories, found, this::completed);
        this.applications = new ApplicationOperations(
                operations,
                repositories,
                found,
                new ApplicationBackups(settings, found, protection, anomalies),
                settings.configuration(),
                logs,
                this::completed);
        // Before anybody counts what the process's control groups have used.
        this.fence = settings.governor().fence(settings.fence());
        this.configured = ConfiguredLimits.start(settings, limits);
        this.shared = settings.governor().share(state.folder().resolve(ControlSocket.FOLDER));
        this.observer =
                Observer.start(settings.governor(), Observer::sources, TimeSource.system(), operations::violated);
    }

    /**
     * A reader of configuration files that knows every kind of application that is on the module path.
     *
     * @param environment of this process, for secrets
     */
    public static ConfigurationFile configurationFile(Map<String, String> environment) {
        List<ApplicationProvider> providers = ServiceLoader.load(ApplicationProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        List<ChannelProvider> channels = ServiceLoader.load(ChannelProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return new ConfigurationFile(providers, channels, environment);
    }

    /** Opens the product on a state folder. */
    public static MedBackup open(Settings settings) {
        return new MedBackup(settings);
    }

    /** The commands that run on this state folder. */
    public RunningCommands running() {
        return running;
    }

    /**
     * Lets this process be asked and told by {@link RunningCommands} of others, on a socket in the state folder.
     *
     * @param cancel called where somebody cancels what it does
     * @return to be closed when it is over
     */
    public Control control(Runnable cancel) {
        return ControlSocket.open(state.folder(), settings.governor(), limits, cancel)::close;
    }

    /** A door for others, until it is closed. */
    public interface Control extends AutoCloseable {
        @Override
        void close();
    }

    /** Listens until it is closed. */
    interface HeldSink extends AutoCloseable {
        @Override
        void close();
    }

    /** Those who listen for a while. */
    static final class Heard implements EventSink {

        private final List<EventSink> sinks = new CopyOnWriteArrayList<>();

        /** Listens until what is returned is closed. */
        HeldSink add(EventSink sink) {
            sinks.add(sink);
            return () -> sinks.remove(sink);
        }

        @Override
        public void accept(BackupEvent event) {
            sinks.forEach(each -> each.accept(event));
        }
    }

    /** What the configuration file says now. */
    Configuration configuration() {
        return configuration;
    }

    /** It says something else. */
    void reconfigure(Configuration other) {
        configuration = other;
    }

    /** The schedule of the jobs. */
    public ScheduleOperations schedule() {
        return new ScheduleOperations(watchedSchedule(), operations);
    }

    private WatchedSchedule watchedSchedule() {
        return new WatchedSchedule(settings, state.folder(), this::configuration);
    }

    /** Which restore points there are, at all targets. */
    public CatalogueOperations catalogue() {
        return new CatalogueOperations(
                settings,
                repositories,
                operations,
                new CatalogueReports(incidents, settings.actor().host()),
                watchedSchedule(),
                this::configuration);
    }

    /**
     * Runs the jobs of the configuration by itself, until this thread is interrupted.
     *
     * @param access to the repository; the same credential opens the targets
     * @param lines gets each event as a line of JSON; stays open
     * @param ready gets the daemon when it works
     */
    public void serve(RepositoryAccess access, OutputStream lines, Consumer<Daemon> ready) {
        operations.run(
                "serve",
                Facts.of("jobs", configuration.jobs().size()).andVeiled("repository", access.location()),
                log -> {
                    survey(log);
                    try (HeldSink _ = heard.add(new JsonLines(lines, JsonLines.Level.INFO));
                            var daemon = new Daemon(this, settings, state.folder(), access, incidents, heard, log)) {
                        ready.accept(daemon);
                        daemon.await();
                        return true;
                    }
                },
                served -> Ending.success(Facts.NONE));
    }

    /** What is configured is written down for reports; backups do not wait for it. */
    private void survey(OperationLog log) {
        try {
            compliance().survey();
        } catch (BackupException unwritten) {
            log.found(unwritten.code(), Facts.of("part", Survey.ACTION));
        }
    }

    /** Somebody calls the control API: an operation of its own, by the caller, before it has its effect. */
    void controlled(Actor actor, String action, String target, boolean allowed) {
        String name = "control-" + action;
        OperationLog call =
                OperationLog.open(settings.time(), settings.entropy(), sink, name, actor, Facts.of("target", target));
        boolean denied = allowed && !control.lets(actor.name(), name);
        call.ended(
                allowed && !denied ? Outcome.SUCCESS : Outcome.REFUSED,
                denied ? ErrorCode.ACCESS_DENIED : null,
                Facts.NONE);
        if (denied) {
            throw ErrorCode.ACCESS_DENIED.because("the rules of access do not let this caller do `" + name + "`");
        }
    }

    /**
     * Restores what belongs to a site on a machine that has nothing of it: configuration, plans, audit trail, catalogue, policies.
     *
     * @param settings of the caller; where their state lies does not matter
     * @param access to the repository, with the owner's or a reader's key
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SITE_EXISTS}, {@link ErrorCode#SNAPSHOT_NOT_FOUND}
     *     or {@link ErrorCode#SNAPSHOT_AMBIGUOUS}; nothing was changed
     * @throws org.medbackup.core.error.DamageException with {@link ErrorCode#AUDIT_DAMAGED} or
     *     {@link ErrorCode#OBJECT_DAMAGED}; nothing was put in place
     */
    public static RestoredSite restoreSite(Settings settings, RepositoryAccess access, SiteRestoreOrder order) {
        return new SiteRestore(settings, access, order).run();
    }

    /** What is known of a site that was restored. */
    public SiteOperations site() {
        return new SiteOperations(settings, operations, audit);
    }

    /** An operation that has done all it does. */
    <T> T recorded(String action, Supplier<T> done, Function<T, Facts> facts) {
        return operations.run(action, Facts.NONE, log -> done.get(), result -> Ending.success(facts.apply(result)));
    }

    /** Opens repositories. */
    Repositories repositories() {
        return repositories;
    }

    /** The operations on keys. */
    public KeyOperations keys() {
        return keys;
    }

    /** The operations on applications. */
    public ApplicationOperations applications() {
        return applications;
    }

    /** The jobs of the configuration. */
    public JobOperations jobs() {
        return jobs(FailureCatalogue.builtIn());
    }

    /** The same, where failures are mended as another catalogue says. */
    JobOperations jobs(FailureCatalogue catalogue) {
        return new JobOperations(
                this, settings, this::configuration, operations, new CopyRecord(state.folder()), incidents, catalogue);
    }

    /** What is known of incidents, for those who report them. */
    Incidents reported() {
        return incidents;
    }

    /** Which policy holds, and how another one comes to. */
    public PolicyOperations policy() {
        return policies;
    }

    /** Who may do what, and what others have to approve. */
    public AccessOperations access() {
        return new AccessOperations(
                settings, operations, repositories, control, accessStore, emergencies, this::routing);
    }

    /** What waits for a person. */
    public IncidentOperations incidents() {
        return new IncidentOperations(
                incidents, control.actor().name(), () -> control.admit("incident-ack", OperationLog.silent()));
    }

    /** The operations on the logs of applications. */
    public LogOperations logs() {
        return logs;
    }

    /**
     * A repository that was made.
     *
     * @param location where
     * @param id its id
     * @param format version of its format
     */
    public record Initialised(String location, String id, int format) {}

    /**
     * Makes a repository.
     *
     * @param writerKey file to write a writer's key to, or null; it must not exist
     */
    public Initialised init(RepositoryAccess access, @Nullable Path writerKey) {
        return init(access, writerKey, RepositoryOptions.USUAL);
    }

    /**
     * As {@link #init(RepositoryAccess, Path)}.
     *
     * @param options what is chosen for the repository
     */
    public Initialised init(RepositoryAccess access, @Nullable Path writerKey, RepositoryOptions options) {
        return operations.run(
                "init",
                Facts.of("derivation", options.derivation()).and("signatures", options.signatures()),
                log -> initialise(access, writerKey, options),
                made -> Ending.success(Facts.of("repository", made.id())));
    }

    private Initialised initialise(RepositoryAccess access, @Nullable Path writerKey, RepositoryOptions options) {
        if (!(access.credential().credential() instanceof Credential.Password password)) {
            throw ErrorCode.NO_CREDENTIAL_GIVEN.because("a new repository needs a password, not a key");
        }
        try (ObjectStore store = repositories.open(access.location(), Throttle.none());
                NewKeyFile file = writerKey == null ? null : NewKeyFile.reserve(writerKey)) {
            Repository.Created created =
                    Repository.create(store, repositories.context(Throttle.none()), password.secret(), options);
            if (file != null) {
                created.writerKey().use(file::write);
            }
            return new Initialised(store.location(), created.id(), created.format());
        }
    }

    private BackupRequest completed(BackupRequest request, RepositoryAccess access, Repository repository) {
        var omitted = new ArrayList<PathBytes>();
        // A target below what is backed up would be copied into itself, or into its copy.
        var places = new ArrayList<>(settings.configuration().targets().values());
        places.add(access.location());
        String home = settings.configuration().repository();
        if (home != null) {
            places.add(home);
        }
        for (String place : places) {
            Stores.folder(place).ifPresent(folder -> omitted.add(PathBytes.of(folder.toString())));
        }
        omitted.add(PathBytes.of(state.caches().toAbsolutePath().toString()));
        return JobContext.completed(anomalies
                .watched(request)
                .omitting(omitted)
                .placedBy(routing(repository))
                .madeBy(settings.tool(), this::anchor));
    }

    private PolicyRouting routing(Repository repository) {
        return PolicyRouting.of(
                policies.inForce(),
                configuration.tiers().keySet(),
                repository.keys().domains(),
                configuration.reviewDays(),
                settings.time().now());
    }

    /** Checkpoints are locked for as long as what has no class of its own. */
    private Keeping lockOfAnchors() {
        int generation = PolicyRouting.of(
                        policies.inForce(),
                        Set.of(),
                        Set.of(),
                        0,
                        settings.time().now())
                .lockGeneration();
        return generation == 0 ? Keeping.NONE : new Keeping("", LockGeneration.end(generation));
    }

    /** Keeps checkpoints of the audit trail elsewhere. */
    AuditAnchors anchors() {
        return anchors;
    }

    /** Tells people where the audit trail cannot be written. */
    AuditAlarm alarm() {
        return alarm;
    }

    private Snapshot.AuditAnchor anchor() {
        TreeHead head = headOrNone();
        return new Snapshot.AuditAnchor(head.size(), head.root().toString());
    }

    /** Of a trail that cannot be read either, a backup that goes on can only say that there was one. */
    private TreeHead headOrNone() {
        try {
            return audit.head();
        } catch (BackupException unusable) {
            return TreeHead.EMPTY;
        }
    }

    /** Backs up file trees. */
    public BackupResult backup(RepositoryAccess access, BackupOrder order) {
        BackupRequest request = BackupRequest.of(order.sourceName(), order.paths())
                .tagged(order.tags())
                .without(order.exclusions());
        BackupRequest whole = order.oneFileSystem() ? request.onOneFileSystem() : request;
        return repositories.on(
                access,
                "backup",
                Facts.NONE.andVeiled("source", order.sourceName()),
                (repository, log) -> anomalies.judged(
                        repository,
                        repository.backup(completed(whole, access, repository), log),
                        order.sourceName(),
                        log),
                Endings::of);
    }

    /**
     * Backs up what belongs to this site, as a restore point of its own.
     *
     * @return id of the restore point
     */
    String backUpSite(RepositoryAccess access, Path configurationFile, BackupRequest.Follower follower) {
        return new SiteBackup(settings, state, audit, repositories, this::routing)
                .make(access, configurationFile, follower)
                .snapshot();
    }

    /**
     * Restore points, oldest first.
     *
     * @param source only those of this source; empty for all
     * @param tags only those that have all of these
     */
    public List<SnapshotView> snapshots(RepositoryAccess access, String source, SortedMap<String, String> tags) {
        return repositories.on(
                access,
                "snapshots",
                Facts.NONE,
                (repository, log) -> {
                    // First, since a key that does not read is to be told so by what it asked for.
                    List<Snapshot> all = repository.snapshots(log);
                    Map<String, Repository.Verified> verified = repository.verified(log);
                    Set<String> suspect = suspect(repository, log);
                    return all.stream()
                            .filter(each -> source.isEmpty() || each.source().equals(source))
                            .filter(each -> each.tags().entrySet().containsAll(tags.entrySet()))
                            .map(each -> new SnapshotView(
                                    each, suspect.contains(each.id()), Optional.ofNullable(verified.get(each.id()))))
                            .toList();
                },
                found -> Ending.success(Facts.of("count", found.size())));
    }

    private static Set<String> suspect(Repository repository, OperationLog log) {
        try {
            return repository.suspicions().standing().stream()
                    .map(Suspicion::snapshot)
                    .collect(Collectors.toSet());
        } catch (DamageException unreadable) {
            log.found(unreadable.code(), Facts.NONE);
            return Set.of();
        }
    }

    /** Lists entries of a restore point. */
    public Snapshot list(
            RepositoryAccess access, String snapshot, PathBytes path, boolean recursive, Consumer<Entry> visitor) {
        return repositories.on(
                access,
                "ls",
                Facts.NONE.andVeiled("path", path),
                (repository, log) -> {
                    Snapshot found = repository.find(snapshot, log);
                    repository.list(found.id(), path, recursive, visitor, log);
                    return found;
                },
                Endings::read);
    }

    /** Finds entries in all restore points, by a pattern as {@link Repository#search} takes it; says how many there are. */
    public long find(RepositoryAccess access, String pattern, BiConsumer<Snapshot, Entry> visitor) {
        return repositories.on(
                access,
                "find",
                Facts.NONE.andVeiled("pattern", pattern),
                (repository, log) -> {
                    var count = new AtomicLong();
                    repository.search(
                            pattern,
                            (snapshot, entry) -> {
                                count.incrementAndGet();
                                visitor.accept(snapshot, entry);
                            },
                            log);
                    return count.get();
                },
                count -> Ending.success(Facts.of("count", count)));
    }

    /** Names the differences between two restore points. */
    public void diff(RepositoryAccess access, String before, String after, Consumer<Difference> visitor) {
        repositories.on(
                access,
                "diff",
                Facts.NONE,
                (repository, log) -> {
                    List<Snapshot> all = List.of(repository.find(before, log), repository.find(after, log));
                    repository.diff(all.getFirst().id(), all.getLast().id(), visitor, log);
                    return all;
                },
                all -> Ending.success(Facts.of("before", all.getFirst().id())
                        .and("after", all.getLast().id())));
    }

    /** Writes the content of one file. */
    public void dump(RepositoryAccess access, String snapshot, PathBytes path, WritableByteChannel target) {
        repositories.on(
                access,
                "dump",
                Facts.NONE.andVeiled("path", path),
                (repository, log) -> {
                    Snapshot found = repository.find(snapshot, log);
                    control.admitSource("dump", found.source(), log);
                    log.phase("chosen", Outcome.SUCCESS, java.time.Duration.ZERO, Endings.chosen(found));
                    repository.dump(found.id(), path, target, log);
                    return found;
                },
                Endings::read);
    }

    /** Restores. */
    public RestoreResult restore(RepositoryAccess access, RestoreOrder order) {
        return repositories.on(
                access,
                "restore",
                Facts.of("existing", order.existing().name()).andVeiled("target", order.target()),
                (repository, log) -> {
                    Snapshot found = repository.find(order.snapshot(), log);
                    control.admitSource("restore", found.source(), log);
                    log.phase("chosen", Outcome.SUCCESS, java.time.Duration.ZERO, Endings.chosen(found));
                    recalls().bring(repository, order.of(found), order.recall(), log);
                    return repository.restore(order.of(found), log);
                },
                Endings::of);
    }

    /** What a restore would do; nothing is written. */
    public RestorePlan plan(RepositoryAccess access, RestoreOrder order) {
        return repositories.on(
                access,
                "restore-plan",
                Facts.NONE,
                (repository, log) -> repository.plan(order.of(repository.find(order.snapshot(), log)), log),
                plan -> Ending.success(Facts.of("files", plan.files()).and("bytes", plan.bytes())));
    }

    /**
     * What a restore needs from cold storage, how long it takes and what it costs, as its {@link RestoreOrder#recall} says or
     * at the cheapest speed; asks for nothing.
     */
    public RecallPlan recallPlan(RepositoryAccess access, RestoreOrder order) {
        RecallOrder how = Objects.requireNonNullElseGet(order.recall(), RecallOrder::cheapest);
        return repositories.on(
                access,
                "recall-plan",
                Facts.NONE,
                (repository, log) ->
                        recalls().plan(repository, order.of(repository.find(order.snapshot(), log)), how, log),
                plan -> Ending.success(Facts.of("readable", plan.readable().packs())
                        .and("coming", plan.coming().packs())
                        .and("cold", plan.cold().packs())));
    }

    private Recalls recalls() {
        return new Recalls(
                settings.time(),
                new RecallPricing(
                        () -> policies.inForce().policy(), configuration.tiers().keySet()));
    }

    /** How long a restore will take: its plan, and a probe of this machine in the target's folder. */
    public Prediction predict(RepositoryAccess access, RestoreOrder order) {
        return repositories.on(
                access,
                "predict",
                Facts.NONE,
                (repository, log) -> {
                    Snapshot found = repository.find(order.snapshot(), log);
                    RestoreSteps steps = repository.steps(order.of(found), log);
                    var probe = new MicroProbe(repository, order.target(), settings.random(), settings.time(), log);
                    return RestorePredictor.predict(steps, probe.measure(found.id()));
                },
                prediction ->
                        Ending.success(Facts.of("seconds", prediction.expected().toMillis() / 1000.0)
                                .and("low", prediction.low().toMillis() / 1000.0)
                                .and("high", prediction.high().toMillis() / 1000.0)));
    }

    /**
     * Verifies.
     *
     * @param percent of the packs to read
     * @param snapshots as {@link Repository#find} takes them; empty for all
     */
    public VerifyResult verify(RepositoryAccess access, VerifyLevel level, double percent, List<String> snapshots) {
        return repositories.on(
                access,
                "verify",
                Facts.of("level", level).and("percent", percent),
                (repository, log) -> {
                    Set<String> ids = new HashSet<>();
                    snapshots.forEach(text -> ids.add(repository.find(text, log).id()));
                    return repository.verify(level, percent / 100, ids, log);
                },
                result -> {
                    Facts facts = Facts.of("packs", result.packs())
                            .and("chunks", result.chunks())
                            .and("damaged", result.damaged().size());
                    return result.isWhole()
                            ? Ending.success(facts)
                            : new Ending(Outcome.FINDING, ErrorCode.OBJECT_DAMAGED, facts);
                });
    }

    /**
     * Gives restore points up, and with them the log of applications that no other backup needs; their space is freed by
     * {@link #collect}. No rule touches log itself.
     *
     * @param rules what to keep; none where restore points are named
     * @param snapshots as {@link Repository#find} takes them, or the whole id of one that nobody can read any more
     * @param dryRun whether only to say what would be given up
     */
    public ForgetResult forget(RepositoryAccess access, RetentionRules rules, List<String> snapshots, boolean dryRun) {
        if (!rules.isEmpty() && !snapshots.isEmpty()) {
            throw ErrorCode.USAGE.because("either rules say what to keep, or restore points are named");
        }
        return repositories.on(
                access,
                dryRun ? "forget-plan" : "forget",
                Facts.NONE,
                (repository, log) -> {
                    clock.require();
                    if (snapshots.isEmpty()) {
                        ForgetResult chosen = anomalies.told(repository.forget(rules, dryRun, log), log);
                        return logs.forgetAfter(repository, chosen, dryRun, log);
                    }
                    Set<String> ids = new HashSet<>();
                    snapshots.forEach(text -> ids.add(
                            WHOLE_ID.matcher(text).matches()
                                    ? text
                                    : repository.find(text, log).id()));
                    return logs.forgetAfter(repository, repository.forget(ids, dryRun, log), dryRun, log);
                },
                MedBackup::ending);
    }

    /**
     * Gives restore points up by rules, of the sources only to which some restore points belong; and those of this site by rules of
     * its own.
     */
    ForgetResult forgetOfTheSame(RepositoryAccess access, RetentionRules rules, List<String> snapshots) {
        return repositories.on(
                access,
                "forget",
                Facts.NONE,
                (repository, log) -> {
                    clock.require();
                    Set<String> sources = new HashSet<>();
                    snapshots.forEach(id -> sources.add(repository.find(id, log).source()));
                    ForgetResult ofJob = logs.forgetAfter(
                            repository, anomalies.told(repository.forget(rules, sources, false, log), log), false, log);
                    String site = SiteDescription.source(settings.actor().host());
                    return ofJob.and(repository.forget(SiteBackup.KEPT, Set.of(site), false, log));
                },
                MedBackup::ending);
    }

    private static Ending ending(ForgetResult result) {
        return Ending.success(Facts.of("kept", result.kept().size())
                .and("removed", String.join(",", result.removed()))
                .and("refused", result.refused().size()));
    }

    /** Frees the space of what no restore point needs; backups and restores may run meanwhile. */
    public CollectResult collect(RepositoryAccess access, CollectRequest request) {
        return repositories.on(
                access,
                request.dryRun() ? "gc-plan" : "gc",
                Facts.NONE,
                (repository, log) -> repository.collect(request, log),
                result -> Ending.ofDamage(
                        result.isWhole(),
                        Facts.of("packsDeleted", result.packs().deleted())
                                .and("packsRewritten", result.packs().rewritten())
                                .and("packsPending", result.pending())
                                .and("bytesBefore", result.bytes().before())
                                .and("bytesAfter", result.bytes().after())
                                .and("damaged", result.damaged().size())));
    }

    /**
     * How the newest restore point of each job of the configuration stands to the rule 3-2-1-1-0, by the catalogue and by what
     * targets that lock say of each object.
     *
     * @param access to the repository; the same credential opens the targets
     */
    public List<CopyRule> copyRule(RepositoryAccess access) {
        return new CopyRuleOperations(operations, catalogue(), locks(), this::configuration).report(access);
    }

    /** Drills of recovery. */
    public DrillOperations drills() {
        return drills(
                settings,
                ServiceLoader.load(ContentCheck.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList());
    }

    /** Drills with checks of content, and programs started otherwise. */
    DrillOperations drills(Settings outside, List<ContentCheck> content) {
        return new DrillOperations(
                outside,
                operations,
                repositories,
                plans(),
                new DrillSandboxes(
                        state.folder(),
                        new HostSeal(hostKey, DrillSandboxes.PURPOSE, settings.entropy()),
                        settings.entropy(),
                        settings.time()),
                new DrillApplications(this::configuration, outside.processes(), outside.time()),
                content,
                drillBook());
    }

    /** The drills that the daemon carries out by itself, as they stand. */
    public ConfiguredDrills configuredDrills() {
        return new ConfiguredDrills(settings, watchedSchedule(), operations, this::configuration);
    }

    /** Restores in earnest that go on on this host. */
    RestoresUnderWay restoresUnderWay() {
        return restores;
    }

    /** Compliance reports. */
    public ComplianceOperations compliance() {
        return new ComplianceOperations(
                settings, operations, audit, () -> AuditTrail.verify(state.audit(), hostKey), this::configuration);
    }

    /**
     * Checks a compliance report without the host that made it, and without writing anything.
     *
     * @param file the JSON document; what belongs to it lies beside it
     * @param key file with the public key of the audit trail ({@code key.pub})
     * @throws org.medbackup.core.error.UsageException where one of the two cannot be read
     */
    public static ReportVerification verifyReport(Path file, Path key) {
        return ReportCheck.of(file, key);
    }

    /** The evidence of drills. */
    public DrillEvidence evidence() {
        return new DrillEvidence(settings, operations, audit, drillBook());
    }

    /**
     * Checks the evidence of a drill without the host that made it, and without writing anything.
     *
     * @param file the JSON document; its signature and its pages lie beside it
     * @param key file with the public key of the audit trail ({@code key.pub})
     * @throws org.medbackup.core.error.UsageException where one of the two cannot be read
     */
    public static DrillVerification verifyDrill(Path file, Path key) {
        return DrillCheck.of(file, key);
    }

    /** Plans of recovery. */
    public PlanOperations plans() {
        return new PlanOperations(
                settings,
                operations,
                repositories,
                catalogue(),
                this::configuration,
                new DrillApplications(this::configuration, settings.processes(), settings.time()),
                recalls(),
                drillBook());
    }

    /** What this host has seen of drills. */
    public DrillBook drillBook() {
        return new DrillBook(state.folder(), new HostSeal(hostKey, DrillBook.PURPOSE, settings.entropy()));
    }

    /** The legal holds. */
    public HoldOperations holds() {
        return new HoldOperations(settings, repositories, this::routing, this::configuration);
    }

    /** Restore points that show signs of ransomware. */
    public AnomalyOperations anomalies() {
        return new AnomalyOperations(settings, repositories, anomalies, holds(), this::routing);
    }

    /** The retention locks of restore points. */
    public LockOperations locks() {
        return new LockOperations(repositories, this::routing);
    }

    /**
     * Copies a restore point to another target, which becomes a repository of the same id and keys. Needs no key to data.
     *
     * @param snapshot as {@link Repository#copy} takes it
     * @param target location of an empty target, or of one that was copied to before
     */
    public CopyResult copy(RepositoryAccess access, String snapshot, String target) {
        return copy(access, snapshot, target, false);
    }

    /** As {@link #copy}, to a repository that is there: where a disk is not mounted none is made in its place. */
    CopyResult copyBack(RepositoryAccess access, String snapshot, String repository) {
        return copy(access, snapshot, repository, true);
    }

    private CopyResult copy(RepositoryAccess access, String snapshot, String target, boolean existing) {
        return repositories.governed(
                access,
                "copy",
                Facts.NONE.andVeiled("target", target),
                (repository, throttle, log) -> {
                    if (Stores.isSame(access.location(), target)) {
                        throw ErrorCode.USAGE.because("the target of a copy is the repository itself");
                    }
                    try (ObjectStore there = repositories.open(target, throttle)) {
                        if (existing) {
                            Stores.requireRepository(there);
                        }
                        return repository.copy(snapshot, there, log);
                    }
                },
                Endings::of);
    }

    /**
     * Brings damaged objects back from a copy of the repository.
     *
     * @param objects names, as {@link #verify} gives them
     * @param copy location of a target that restore points were copied to
     */
    public RepairResult repair(RepositoryAccess access, List<String> objects, String copy) {
        return repositories.governed(
                access,
                "repair",
                Facts.of("objects", objects.size()).andVeiled("copy", copy),
                (repository, throttle, log) -> {
                    try (ObjectStore there = repositories.open(copy, throttle)) {
                        return repository.repair(objects, there);
                    }
                },
                result -> Ending.ofDamage(
                        result.left().isEmpty(),
                        Facts.of("repaired", String.join(",", result.repaired()))
                                .and("left", String.join(",", result.left()))));
    }

    /** Says for good what became of a backup; see {@link Repository#settle}. */
    boolean settle(RepositoryAccess access, String ticket) {
        return repositories.on(
                access,
                "settle",
                Facts.of("snapshot", ticket),
                (repository, log) -> repository.settle(ticket, log),
                committed -> Ending.success(Facts.of("committed", committed)));
    }

    /** By the clock of this product. */
    Instant now() {
        return settings.time().now();
    }

    /** Makes room in the state folder: what this machine remembers of earlier runs is found out again by the next. */
    void freeState() {
        state.dropCaches();
    }

    /** The storage targets of the configuration. */
    public List<TargetEntry> targets() {
        return TargetEntry.of(configuration);
    }

    /**
     * Tries what a storage target does, with objects of its own that it takes away again. Where the location asks for locks
     * one object stays for some minutes, since its lock is tried.
     *
     * @param target a name of the configuration, or a location
     */
    public TargetCapabilities probeTarget(String target) {
        String location = configuration.targets().getOrDefault(target, target);
        return operations.run(
                "target-probe",
                Facts.NONE.andVeiled("target", location),
                log -> TargetProbe.run(location, settings.time(), settings.entropy()),
                found -> Ending.success(Facts.of("createOnly", found.isCreateOnly())
                        .and("wrongChecksumRejected", found.wrongChecksumRejected())
                        .and("deleteDenied", found.deleteDenied())
                        .and("locksHold", found.worm().holds())
                        .and("cold", found.recall().supported())
                        .and("left", found.left().objects())));
    }

    /** Sizes of a repository. */
    public RepositoryStats stats(RepositoryAccess access) {
        return repositories.on(
                access,
                "stats",
                Facts.NONE,
                (repository, log) -> repository.stats(log),
                stats -> Ending.success(Facts.of("snapshots", stats.snapshots())));
    }

    /**
     * Lets writers of other accounts add to a repository through a socket, and nothing else, until it is closed or this
     * thread is interrupted.
     *
     * @param socket file to make
     * @param accounts names of those who may connect
     * @param ready gets the gateway when it serves
     */
    public void serveGateway(String location, Path socket, Set<String> accounts, Consumer<StoreGateway.Serving> ready) {
        operations.run(
                "gateway",
                Facts.of("accounts", String.join(",", new TreeSet<>(accounts))).andVeiled("repository", location),
                log -> {
                    try (ObjectStore store = repositories.open(location, Throttle.none());
                            StoreGateway.Serving serving = Stores.gateway(store, socket, accounts)) {
                        ready.accept(serving);
                        serving.await();
                        return true;
                    }
                },
                served -> Ending.success(Facts.NONE));
    }

    /**
     * Proves the audit trail of a state folder without writing to it, whatever state it is in.
     *
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#STATE_UNUSABLE} where the folder or this
     *     host's key is not there
     */
    public static AuditVerification verifyAudit(Path state) {
        try (Secret key = StateFolder.existingKey(state)) {
            return AuditTrail.verify(state.resolve("audit"), key);
        }
    }

    /**
     * As {@link #verifyAudit(Path)}, and holds the trail against the checkpoints that were kept at the repository and at targets:
     * one that was set back as a whole is found out by these alone.
     *
     * @param repository location
     * @param configuration of the targets, and of who attests when checkpoints were there
     */
    public static AnchoredTrail verifyAudit(Path state, String repository, Configuration configuration) {
        try (Secret key = StateFolder.existingKey(state)) {
            List<AnchoredTrail.Place> places = AuditAnchors.read(
                    key,
                    AuditAnchors.places(repository, configuration.targets()),
                    location -> Stores.openOnce(location, Throttle.none()));
            List<TreeHead> heads =
                    places.stream().flatMap(each -> each.heads().stream()).toList();
            StampCheck stamps = AuditStamps.check(configuration.timestamp());
            return new AnchoredTrail(AuditTrail.verify(state.resolve("audit"), key, heads, stamps), places);
        }
    }

    /** Proves the audit trail of this state folder, and records that it was proven. */
    public AuditVerification verifyAudit() {
        return operations.run("audit-verify", Facts.NONE, log -> AuditTrail.verify(state.audit(), hostKey), found -> {
            Facts facts = Facts.of("entries", found.entries()).and("checkpoints", found.checkpoints());
            return found.valid() ? Ending.success(facts) : new Ending(Outcome.FINDING, ErrorCode.AUDIT_DAMAGED, facts);
        });
    }

    /**
     * An entry of the audit trail with the proof that a signed checkpoint holds it, for somebody who has the public keys alone;
     * that it was taken out is recorded.
     *
     * @param index its number
     * @throws org.medbackup.core.error.UsageException where there is no such entry
     */
    public AuditProof proveAudit(long index) {
        return operations.run(
                "audit-prove",
                Facts.of("entry", index),
                log -> {
                    if (index < 0 || index >= audit.head().size()) {
                        throw ErrorCode.USAGE.because("the audit trail has no entry of this number");
                    }
                    return audit.prove(List.of(index));
                },
                proof -> Ending.success(Facts.of("entry", index)));
    }

    /** The public keys of the audit trail. */
    public TrailKey auditKey() {
        return audit.key();
    }

    /** Reads the audit trail for others. */
    public AuditOperations audit() {
        return new AuditOperations(settings, operations, audit);
    }

    /** How many entries the audit trail has, and its root hash. */
    public TreeHead auditHead() {
        return audit.head();
    }

    @Override
    public void close() {
        try (hostKey;
                trail) {
            observer.close();
            configured.close();
            anchors.finish();
            alarm.tell();
        } finally {
            shared.close();
            fence.close();
        }
    }
}
