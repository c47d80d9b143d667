package org.medbackup.service;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.AuditVerification;
import org.medbackup.audit.merkle.Hash;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Facts;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreResult;
import org.medbackup.engine.Snapshot;
import org.medbackup.service.Operations.Ending;

/**
 * Restores what belongs to a site on a machine that has nothing: into a draft first, and into place when the audit trail is proven
 * to be the one that the restore point speaks of. Used by one call.
 *
 * @param settings of the caller; their state folder is not looked at
 * @param access to the repository, with a key that reads
 */
record SiteRestore(Settings settings, RepositoryAccess access, SiteRestoreOrder order) {

    /** Of files that cannot get their old owner, for whoever is not root. */
    private static final Set<String> CONTENT = Set.of("content", "entry");

    /** What was fetched, and where to it goes. */
    private record Fetched(Snapshot snapshot, SiteDescription was, SitePlaces places, long entries) {}

    RestoredSite run() {
        long begun = settings.time().nanos();
        try {
            Path workshop = Files.createTempDirectory("medbackup-site-");
            try {
                Fetched fetched;
                try (MedBackup product = MedBackup.open(settings.at(workshop))) {
                    fetched = product.repositories()
                            .on(
                                    access,
                                    "site-restore",
                                    Facts.NONE,
                                    this::fetched,
                                    found -> Ending.success(Facts.of(
                                            "snapshot", found.snapshot().id())));
                }
                return placed(fetched, begun);
            } finally {
                remove(workshop);
            }
        } catch (IOException | UncheckedIOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("what belongs to the site cannot be put there", failed);
        }
    }

    private Fetched fetched(Repository repository, OperationLog log) {
        Snapshot chosen = chosen(repository, log);
        SiteDescription was = described(repository, chosen, log);
        SitePlaces places = SitePlaces.of(was, order);
        Path draft = places.draft();
        try {
            if (!order.replace()) {
                places.requireFree();
            }
            remove(draft);
            Files.createDirectories(draft.getParent());
            Files.createDirectory(
                    draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            RestoreResult restored = repository.restore(
                    new RestoreRequest(chosen.id(), PathBytes.of(SiteDescription.ROOT), List.of(), draft), log);
            requireWhole(restored);
            return new Fetched(chosen, was, places, proven(draft, chosen));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (RuntimeException failed) {
            removeQuietly(draft);
            throw failed;
        }
    }

    private Snapshot chosen(Repository repository, OperationLog log) {
        if (!order.snapshot().isEmpty()) {
            Snapshot named = repository.find(order.snapshot(), log);
            if (!named.isOfSite()) {
                throw ErrorCode.SNAPSHOT_NOT_FOUND.because("that restore point holds no site");
            }
            return named;
        }
        List<Snapshot> all = repository.snapshots(log).stream()
                .filter(Snapshot::isOfSite)
                .filter(each -> order.host().isEmpty() || each.host().equals(order.host()))
                .toList();
        Set<String> hosts = all.stream().map(Snapshot::host).collect(Collectors.toSet());
        if (hosts.size() > 1) {
            throw ErrorCode.SNAPSHOT_AMBIGUOUS.because(
                    "it holds the sites of " + hosts.size() + " hosts; name one with --of-host");
        }
        return all.stream()
                .max(Comparator.comparing(Snapshot::time))
                .orElseThrow(() -> ErrorCode.SNAPSHOT_NOT_FOUND.because("it holds no site that a job has backed up"));
    }

    private static SiteDescription described(Repository repository, Snapshot chosen, OperationLog log) {
        var bytes = new ByteArrayOutputStream();
        repository.dump(chosen.id(), PathBytes.of(SiteDescription.FILE), Channels.newChannel(bytes), log);
        return SiteDescription.parse(bytes.toByteArray());
    }

    private static void requireWhole(RestoreResult restored) {
        boolean whole = !restored.damaged()
                && restored.failures().stream().noneMatch(each -> CONTENT.contains(each.attribute()));
        if (!whole) {
            throw ErrorCode.OBJECT_DAMAGED.because(
                    "not all of it could be restored, and nothing was put in place; --snapshot names an older one");
        }
    }

    /** How many entries the trail has, which is the one that the restore point was signed with. */
    private static long proven(Path draft, Snapshot chosen) {
        Path state = draft.resolve(SiteDescription.STATE);
        var anchor =
                new TreeHead(chosen.audit().entries(), Hash.parse(chosen.audit().root()));
        try (Secret key = StateFolder.existingKey(state)) {
            AuditVerification found = AuditTrail.verify(state.resolve(StateFolder.AUDIT), key, List.of(anchor));
            if (!found.valid()) {
                throw ErrorCode.AUDIT_DAMAGED.because("the one in the restore point has "
                        + found.findings().size() + " findings, and nothing was put in place");
            }
            return found.entries();
        }
    }

    private RestoredSite placed(Fetched fetched, long begun) throws IOException {
        SitePlaces places = fetched.places();
        List<Path> aside;
        try {
            aside = places.take(places.draft(), fetched.was(), settings.time().now());
        } finally {
            removeQuietly(places.draft());
        }
        // The first entry of the trail on this machine tells how it came here.
        try (MedBackup product = MedBackup.open(settings.at(places.state()))) {
            return product.recorded(
                    "site-restore",
                    () -> new RestoredSite(
                            fetched.snapshot().id(),
                            fetched.snapshot().time(),
                            fetched.snapshot().host(),
                            places.configuration(),
                            places.plans(),
                            places.state(),
                            fetched.entries(),
                            aside,
                            settings.time().since(begun)),
                    site -> Facts.of("snapshot", site.snapshot())
                            .and("entries", site.entries())
                            .and("setAside", site.setAside().size())
                            .and("seconds", site.took().toMillis() / 1e3));
        }
    }

    private static void removeQuietly(Path folder) {
        try {
            remove(folder);
        } catch (IOException | UncheckedIOException left) {
            // It bears a name that says what it is, and the next restore removes it.
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
