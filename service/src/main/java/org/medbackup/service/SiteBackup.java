package org.medbackup.service;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.TrailPrefix;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.engine.AssembledBackup;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;
import org.medbackup.scheduler.state.Store;

/**
 * Backs up what a new machine needs to go on with this site, as a restore point of its own: the configuration with the plans
 * beside it, the host's key, the audit trail, the policies that were in force, the catalogue, the incidents, and which copies are
 * missing. No leases, caches or sockets, and no secrets that the configuration refers to. Used by one call.
 *
 * @param product what the restore point is made with
 * @param state folder of this host
 * @param audit trail that goes on meanwhile
 * @param repositories opens the target
 * @param policy in force for a repository
 */
record SiteBackup(
        Settings product,
        StateFolder state,
        AuditTrail audit,
        Repositories repositories,
        Function<Repository, PlacementPolicy> policy) {

    /** As many stay; of older ones as of a diary. */
    static final RetentionRules KEPT = new RetentionRules(10, 14, 8, 12, 0, Duration.ZERO);

    /** Plans are short, and few. */
    private static final long LONGEST_PLAN = 1 << 20;

    private static final int MOST_PLANS = 100;

    /**
     * Makes the restore point.
     *
     * @param configuration file that was read
     * @param follower hears how it gets on
     * @throws org.medbackup.core.error.FailedException with {@link ErrorCode#SITE_UNREADABLE}; then none is made
     */
    BackupResult make(RepositoryAccess access, Path configuration, BackupRequest.Follower follower) {
        return repositories.on(
                access,
                "site-backup",
                Facts.NONE,
                (repository, log) -> made(repository, configuration, follower, log),
                Endings::of);
    }

    private BackupResult made(
            Repository repository, Path configuration, BackupRequest.Follower follower, OperationLog log) {
        TrailPrefix trail = audit.prefix();
        var anchor = new Snapshot.AuditAnchor(
                trail.head().size(), trail.head().root().toString());
        String host = product.actor().host();
        BackupRequest request = BackupRequest.of(SiteDescription.source(host), List.of())
                .placedBy(new SitePlacement(policy.apply(repository)))
                .madeBy(product.tool(), () -> anchor)
                .followedBy(follower);
        try (AssembledBackup backup = repository.assemble(request, log)) {
            new Reading(backup, configuration, host, trail).read();
            if (backup.errorCount() > 0) {
                throw unreadable(backup.errorCount() + " of its files could not be read", null);
            }
            return backup.commit(
                    ConsistencyLevel.FILE_LEVEL, new TreeMap<>(Map.of(Snapshot.SITE, SiteDescription.VERSION)));
        } catch (IOException | UncheckedIOException failed) {
            throw unreadable("a file of it could not be read", failed);
        }
    }

    private static RuntimeException unreadable(String why, @Nullable Exception cause) {
        return ErrorCode.SITE_UNREADABLE.because(why, cause);
    }

    /** One reading of all of it. */
    private final class Reading {

        private final CopySink sink;
        private final Path configuration;
        private final String host;
        private final TrailPrefix trail;
        private final CopySink.StreamAttributes ours;

        Reading(CopySink sink, Path configuration, String host, TrailPrefix trail) throws IOException {
            this.sink = sink;
            this.configuration = configuration.toAbsolutePath().normalize();
            this.host = host;
            this.trail = trail;
            this.ours = new CopySink.StreamAttributes(
                    (Integer) Files.getAttribute(state.folder(), "unix:uid"),
                    (Integer) Files.getAttribute(state.folder(), "unix:gid"),
                    0600,
                    product.time().now());
        }

        void read() throws IOException {
            if (!Files.isReadable(configuration)) {
                throw unreadable("the configuration file is not there or cannot be read", null);
            }
            List<String> plans = plans();
            var description = new SiteDescription(
                    host, configuration, plans, state.folder().toAbsolutePath().normalize());
            stream(SiteDescription.FILE, description.json());
            file(configuration, SiteDescription.CONFIGURATION, configuration.getFileName());
            for (String plan : plans) {
                file(configuration.resolveSibling(plan), SiteDescription.CONFIGURATION, Path.of(plan));
            }
            file(state.key(), SiteDescription.STATE, state.key().getFileName());
            readTrail();
            tree("policy", PolicyStore::isVersion, false);
            tree("copies", name -> !name.startsWith("."), true);
            readIncidents();
            readCatalogue();
        }

        private List<String> plans() throws IOException {
            List<String> plans = new ArrayList<>();
            try (DirectoryStream<Path> all = Files.newDirectoryStream(configuration.getParent(), "*.{yaml,yml}")) {
                for (Path each : all) {
                    boolean plan = Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)
                            && Files.isReadable(each)
                            && Files.size(each) <= LONGEST_PLAN
                            && !each.getFileName().toString().startsWith(".");
                    if (plan && !each.equals(configuration) && plans.size() < MOST_PLANS) {
                        plans.add(each.getFileName().toString());
                    }
                }
            } catch (DirectoryIteratorException failed) {
                throw failed.getCause();
            }
            plans.sort(null);
            return plans;
        }

        private void readTrail() {
            var settled = new CopySink.TreeCopy(
                    trail.folder(),
                    path(SiteDescription.STATE, StateFolder.AUDIT),
                    (below, folder) ->
                            folder || trail.isSettled(below.toString()) ? CopySink.Choice.TAKE : CopySink.Choice.OMIT,
                    CopySink.Cut.CONTENT,
                    false);
            sink.tree(settled);
            trail.growing((below, content) -> sink.stream(
                    path(SiteDescription.STATE, StateFolder.AUDIT, below), content, ours, CopySink.Cut.CONTENT));
        }

        private void tree(String name, Predicate<String> chosen, boolean live) {
            Path folder = state.folder().resolve(name);
            if (Files.isDirectory(folder)) {
                sink.tree(new CopySink.TreeCopy(
                        folder,
                        path(SiteDescription.STATE, name),
                        (below, inner) ->
                                inner || chosen.test(below.toString()) ? CopySink.Choice.TAKE : CopySink.Choice.OMIT,
                        CopySink.Cut.CONTENT,
                        live));
            }
        }

        /** The file is replaced as a whole: what was opened stays what it was. */
        private void readIncidents() throws IOException {
            try (InputStream content = Files.newInputStream(state.folder().resolve(Incidents.FILE))) {
                sink.stream(path(SiteDescription.STATE, Incidents.FILE), content, ours, CopySink.Cut.CONTENT);
            } catch (NoSuchFileException none) {
                // Nothing has ever failed.
            }
        }

        private void readCatalogue() throws IOException {
            Path copy = Files.createTempFile(state.folder(), ".site-", ".db");
            try {
                if (new Store.Sqlite(state.folder().resolve(ScheduledJobs.FILE)).copyTo(copy)) {
                    sink.file(copy, path(SiteDescription.STATE, ScheduledJobs.FILE), CopySink.Cut.PAGES);
                }
            } finally {
                Files.deleteIfExists(copy);
            }
        }

        private void file(Path from, String folder, Path name) throws IOException {
            sink.file(from.toRealPath(), path(folder, name.toString()), CopySink.Cut.CONTENT);
        }

        private void stream(String as, byte[] content) {
            sink.stream(PathBytes.of(as), new ByteArrayInputStream(content), ours, CopySink.Cut.CONTENT);
        }

        private static PathBytes path(String... names) {
            return PathBytes.of(SiteDescription.ROOT + "/" + String.join("/", names));
        }
    }
}
