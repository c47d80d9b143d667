package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.ApplicationLog;
import org.medbackup.core.spi.app.LogArchive;
import org.medbackup.core.spi.app.LogArchive.LogEntry;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.ForgetResult;
import org.medbackup.engine.ForgetResult.Refused;
import org.medbackup.engine.Repository;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;

/**
 * The operations on the logs of applications, such as PostgreSQL's write-ahead log. A log is a source of its own, named as
 * its application with {@code #log} behind. Each operation begins and ends in the audit trail. Safe for use by several
 * threads.
 *
 * <p>Every method fails with {@link org.medbackup.core.error.BackupException}; what was committed before is unharmed.
 */
public final class LogOperations {

    /** What the name of the log's source has behind that of its application. */
    static final String SUFFIX = "#log";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Settings settings;
    private final StateFolder state;
    private final Repositories repositories;
    private final Applications applications;
    private final Completion completed;

    LogOperations(
            Settings settings,
            StateFolder state,
            Repositories repositories,
            Applications applications,
            Completion completed) {
        this.settings = settings;
        this.state = state;
        this.repositories = repositories;
        this.applications = applications;
        this.completed = completed;
    }

    private LogArchive archive(Repository repository, RepositoryAccess access, String application, OperationLog log) {
        var tags = new TreeMap<>(Map.of("kind", "log"));
        BackupRequest request =
                BackupRequest.of(application + SUFFIX, List.of()).tagged(tags);
        return repository.logArchive(completed.of(request, access, repository), log);
    }

    /** The archive of an application's log, for a recovery. */
    LogArchive archive(Repository repository, String application, OperationLog log) {
        return repository.logArchive(BackupRequest.of(application + SUFFIX, List.of()), log);
    }

    private interface Work<T> {
        T with(ApplicationLog application, LogArchive archive, Repository repository);
    }

    private <T> T on(
            RepositoryAccess access,
            String action,
            String address,
            Work<T> work,
            java.util.function.Function<T, Ending> ending) {
        return repositories.on(
                access,
                action,
                Facts.NONE,
                (repository, log) -> applications.withLog(
                        address,
                        application -> work.with(
                                application, archive(repository, access, application.address(), log), repository)),
                ending);
    }

    /**
     * Receives an application's log as it is written and stores it, until the thread is interrupted or a limit is reached.
     * What was received and is not stored lies in the state folder, in clear and for its owner alone, and survives the
     * process. A writer's key is enough.
     *
     * @param reception when to store and when to end
     * @param listener hears how far it is
     */
    public ApplicationLog.Lag receive(
            RepositoryAccess access,
            String address,
            ApplicationLog.Reception reception,
            Consumer<ApplicationLog.Lag> listener) {
        return on(
                access,
                "wal-receive",
                address,
                (application, archive, repository) ->
                        application.receive(archive, spool(repository, application.address()), reception, listener),
                lag -> Ending.success(Facts.of("received", lag.received())
                        .and("stored", lag.stored())
                        .and("lagBytes", lag.bytes())
                        .and("files", lag.files())));
    }

    private Path spool(Repository repository, String address) {
        String name =
                UUID.nameUUIDFromBytes(address.getBytes(StandardCharsets.UTF_8)).toString();
        return state.folder().resolve("spool").resolve(repository.id()).resolve(name);
    }

    /**
     * Stores a file that the application hands over; durable when this returns. A file that is there is left alone. A
     * writer's key is enough.
     */
    public void push(RepositoryAccess access, String address, Path file) {
        on(
                access,
                "wal-push",
                address,
                (application, archive, repository) -> {
                    Deadline soon = Deadline.after(settings.time(), PATIENCE);
                    LogArchive.LogFile described = application.handedOver(file, soon);
                    archive.store(List.of(described));
                    return described.name();
                },
                name -> Ending.success(Facts.of("file", name)));
    }

    /**
     * Brings a file back.
     *
     * @param name as the application names it
     * @param destination must not exist
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#LOG_FILE_ABSENT} where it is not there
     */
    public void fetch(RepositoryAccess access, String address, String name, Path destination) {
        on(
                access,
                "wal-fetch",
                address,
                (application, archive, repository) -> {
                    String found = application.find(name, destination, archive.entries());
                    if (found == null || !archive.fetch(found, destination)) {
                        throw ErrorCode.LOG_FILE_ABSENT
                                .because("it is not there")
                                .about(name);
                    }
                    return found;
                },
                found -> Ending.success(Facts.of("file", found)));
    }

    /**
     * What an archive has and what is missing in it.
     *
     * @param files how many it has
     * @param bytes of them
     * @param gaps what is missing, by the application's names
     */
    public record Check(long files, long bytes, List<ApplicationLog.Gap> gaps) {

        public Check {
            gaps = List.copyOf(gaps);
        }
    }

    /** Looks for gaps in an application's archived log, by name. */
    public Check check(RepositoryAccess access, String address) {
        return on(
                access,
                "wal-check",
                address,
                (application, archive, repository) -> {
                    List<LogEntry> entries = archive.entries();
                    long bytes = entries.stream().mapToLong(LogEntry::size).sum();
                    return new Check(entries.size(), bytes, application.gaps(entries));
                },
                check -> {
                    Facts facts = Facts.of("files", check.files())
                            .and("gaps", check.gaps().size());
                    return check.gaps().isEmpty()
                            ? Ending.success(facts)
                            : new Ending(Outcome.FINDING, ErrorCode.LOG_INCOMPLETE, facts);
                });
    }

    /** The backups of an application that a recovery can begin from. */
    static List<ApplicationLog.Base> bases(List<Snapshot> snapshots, String address) {
        return snapshots.stream()
                .filter(each -> each.source().equals(address) && !each.holdsLog())
                .map(each -> new ApplicationLog.Base(each.id(), each.time(), each.evidence()))
                .toList();
    }

    /** Gives up, after restore points were, the log that none of the others needs. */
    ForgetResult forgetAfter(Repository repository, ForgetResult chosen, boolean dryRun, OperationLog log) {
        Set<String> removed = new HashSet<>(chosen.removed());
        List<Snapshot> left = repository.snapshots(log).stream()
                .filter(each -> !removed.contains(each.id()))
                .toList();
        Map<String, List<Snapshot>> logs = left.stream()
                .filter(each -> each.holdsLog() && each.source().endsWith(SUFFIX))
                .collect(Collectors.groupingBy(Snapshot::source));
        List<String> expendable = new ArrayList<>();
        logs.forEach((source, points) -> expendable.addAll(expendable(source, points, left)));
        if (expendable.isEmpty()) {
            return chosen;
        }
        ForgetResult given = repository.forgetLog(Set.copyOf(expendable), dryRun, log);
        List<String> kept = new ArrayList<>(chosen.kept());
        kept.removeAll(expendable);
        List<String> all = new ArrayList<>(chosen.removed());
        all.addAll(given.removed());
        List<Refused> refused = new ArrayList<>(chosen.refused());
        refused.addAll(given.refused());
        return new ForgetResult(kept, all, refused);
    }

    private List<String> expendable(String source, List<Snapshot> points, List<Snapshot> left) {
        String address = source.substring(0, source.length() - SUFFIX.length());
        try {
            List<LogEntry> entries =
                    points.stream().flatMap(each -> each.logFiles().stream()).toList();
            Set<String> names =
                    applications.withLog(address, application -> application.expendable(bases(left, address), entries));
            return points.stream()
                    .filter(each -> each.logFiles().stream().allMatch(file -> names.contains(file.name())))
                    .map(Snapshot::id)
                    .toList();
        } catch (UsageException unknown) {
            // Nobody here knows this kind of application; then its log stays.
            return List.of();
        }
    }
}
