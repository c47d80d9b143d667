package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditTrail;
import org.medbackup.audit.TrailKey;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Facts;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.service.Operations.Ending;

/**
 * Keeps the newest signed checkpoint of the audit trail at the repository and at every target, locked where these lock, so that
 * a trail that was set back is found out by what this host cannot change. The objects tell nothing but to this host. Safe for
 * use by several threads.
 */
final class AuditAnchors {

    /** Before the names of their objects. */
    static final String PREFIX = "b/";

    private static final String PURPOSE = "medbackup audit anchor v1";

    /** A daemon keeps one no more often than that after its jobs. */
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final Settings settings;
    private final AuditTrail audit;
    private final HostSeal seal;
    private final Repositories repositories;
    private final Operations operations;
    private final Supplier<Keeping> keeping;
    private final AuditStamps stamps;
    private long kept;
    private boolean any;
    private @Nullable Map<String, String> waiting;

    /**
     * @param keeping how long one is locked
     * @param stamps attest when it was there
     */
    AuditAnchors(
            Settings settings,
            AuditTrail audit,
            Secret hostKey,
            Repositories repositories,
            Operations operations,
            Supplier<Keeping> keeping,
            AuditStamps stamps) {
        this.stamps = stamps;
        this.settings = settings;
        this.audit = audit;
        this.seal = new HostSeal(hostKey, PURPOSE, settings.entropy());
        this.repositories = repositories;
        this.operations = operations;
        this.keeping = keeping;
    }

    /** Where they are kept: name of each target, and its location. */
    static Map<String, String> places(String repository, Map<String, String> targets) {
        var places = new LinkedHashMap<String, String>();
        places.put(CopyLedger.REPOSITORY, repository);
        places.putAll(targets);
        return places;
    }

    /** As {@link #keep}, where that was not done a short time ago; then it is when this is closed, or at a later call. */
    synchronized void keepAtTimes(Map<String, String> places) {
        if (any && settings.time().since(kept).compareTo(PAUSE) < 0) {
            waiting = places;
        } else {
            keep(places);
        }
    }

    /** Keeps one that could not be kept so far because the one before it was so new. */
    synchronized void finish() {
        Map<String, String> places = waiting;
        if (places != null) {
            keep(places);
        }
    }

    /**
     * Keeps the newest checkpoint at all places. That it cannot be kept at one keeps nothing else from being done; it is an
     * operation of its own that fails, and the next checkpoint says all that this one would have said.
     */
    synchronized void keep(Map<String, String> places) {
        waiting = null;
        any = true;
        kept = settings.time().nanos();
        String note;
        try {
            note = audit.prove(List.of()).checkpoint();
        } catch (BackupException unusable) {
            // Of a trail that cannot be written people are told; it has nothing new to keep.
            return;
        }
        TreeHead head = audit.key().head(note).orElseThrow();
        String id = seal.name(Long.toString(head.size()), head.root().toString());
        byte[] sealed = seal.seal(id, note.getBytes(StandardCharsets.UTF_8));
        stamps.keep(note, head);
        places.forEach((target, location) -> {
            try (ObjectStore store = repositories.open(location, Throttle.none())) {
                if (store.length(ObjectName.of("format")).isPresent()) {
                    store.putIfAbsent(
                            ObjectName.of(PREFIX + id), ObjectContent.of(sealed).kept(keeping.get()));
                }
            } catch (BackupException failed) {
                say(target, failed);
            }
        });
    }

    private void say(String target, BackupException failed) {
        operations.run(
                "audit-anchor",
                Facts.of("target", CopyLedger.shown(target)),
                log -> failed,
                it -> new Ending(Operations.outcome(it), it.code(), Facts.of("target", CopyLedger.shown(target))));
    }

    /**
     * What was kept at places, as far as these answer.
     *
     * @param hostKey of the host whose trail it is
     */
    static List<AnchoredTrail.Place> read(
            Secret hostKey, Map<String, String> places, Function<String, ObjectStore> stores) {
        var seal = new HostSeal(hostKey, PURPOSE, Entropy.system());
        TrailKey key = TrailKey.ofHost(hostKey);
        var all = new ArrayList<AnchoredTrail.Place>();
        places.forEach((target, location) -> {
            String name = CopyLedger.shown(target);
            try (ObjectStore store = stores.apply(location)) {
                var names = new ArrayList<ObjectName>();
                store.list(PREFIX, info -> names.add(info.name()));
                List<TreeHead> heads = names.stream()
                        .flatMap(each -> head(store, each, seal, key).stream())
                        .toList();
                all.add(new AnchoredTrail.Place(name, heads, null));
            } catch (BackupException failed) {
                all.add(new AnchoredTrail.Place(name, List.of(), failed.code()));
            }
        });
        return List.copyOf(all);
    }

    /** Those of other hosts, and what is none, do not open. */
    private static Optional<TreeHead> head(ObjectStore store, ObjectName name, HostSeal seal, TrailKey key) {
        String id = name.text().substring(PREFIX.length());
        try {
            return key.head(new String(seal.open(id, store.readAll(name)), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException notOurs) {
            return Optional.empty();
        }
    }
}
