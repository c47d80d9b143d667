package org.medbackup.service;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.medbackup.core.error.DamageException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/**
 * A repository whose packs of data lie at several targets, each where its tier is. Everything else lies at the repository's own
 * target, so that restore points are listed, and restores are planned, without the others. Where a pack lies is found by
 * asking, since packs are named by their bytes: two targets that have one have the same. Safe for use by several threads.
 */
final class TieredStore implements ObjectStore {

    /** The beginning of the names of packs of data. */
    private static final String DATA = "d/";

    private static final int REMEMBERED = 16_384;

    private final ObjectStore home;
    private final Map<String, ObjectStore> tiers;
    private final List<ObjectStore> all = new ArrayList<>();
    private final Map<ObjectName, ObjectStore> places = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ObjectName, ObjectStore> eldest) {
            return size() > REMEMBERED;
        }
    };

    /**
     * A repository.
     *
     * @param home its own target; closed with this
     * @param tiers other targets, by the names of tiers; closed with this
     */
    TieredStore(ObjectStore home, Map<String, ObjectStore> tiers) {
        this.home = home;
        this.tiers = Map.copyOf(tiers);
        all.add(home);
        tiers.values().stream().distinct().forEach(all::add);
    }

    /** Whether what is put into a tier may have to be recalled before it can be read. */
    boolean isCold(String tier) {
        return tiers.getOrDefault(tier, home).recall().isPresent();
    }

    @Override
    public String location() {
        return home.location();
    }

    private static boolean isData(ObjectName name) {
        return name.text().startsWith(DATA);
    }

    @Override
    public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
        ObjectStore place = isData(name) ? tiers.getOrDefault(content.keeping().tier(), home) : home;
        PutOutcome outcome = place.putIfAbsent(name, content);
        if (isData(name)) {
            remember(name, place);
        }
        return outcome;
    }

    private void remember(ObjectName name, ObjectStore place) {
        synchronized (places) {
            places.put(name, place);
        }
    }

    /** A target and how long the object is there. */
    private record Found(ObjectStore place, long length) {}

    private Optional<Found> find(ObjectName name) {
        ObjectStore last;
        synchronized (places) {
            last = places.get(name);
        }
        if (last != null) {
            OptionalLong there = last.length(name);
            if (there.isPresent()) {
                return Optional.of(new Found(last, there.getAsLong()));
            }
        }
        for (ObjectStore each : all) {
            OptionalLong there = each.length(name);
            if (there.isPresent()) {
                remember(name, each);
                return Optional.of(new Found(each, there.getAsLong()));
            }
        }
        synchronized (places) {
            places.remove(name);
        }
        return Optional.empty();
    }

    private ObjectStore place(ObjectName name) {
        if (!isData(name)) {
            return home;
        }
        synchronized (places) {
            ObjectStore last = places.get(name);
            if (last != null) {
                return last;
            }
        }
        return find(name)
                .map(Found::place)
                .orElseThrow(() -> ErrorCode.OBJECT_MISSING
                        .because("it is at no target of a tier")
                        .with("object", name));
    }

    @Override
    public int read(ObjectName name, long offset, ByteBuffer target) {
        ObjectStore place = place(name);
        try {
            return place.read(name, offset, target);
        } catch (DamageException missing) {
            // It may have been moved to another tier since it was found.
            Optional<Found> now =
                    isData(name) && missing.code() == ErrorCode.OBJECT_MISSING ? find(name) : Optional.empty();
            if (now.isEmpty()) {
                throw missing;
            }
            return now.get().place().read(name, offset, target);
        }
    }

    @Override
    public OptionalLong length(ObjectName name) {
        if (!isData(name)) {
            return home.length(name);
        }
        return find(name).map(found -> OptionalLong.of(found.length())).orElse(OptionalLong.empty());
    }

    @Override
    public void list(String prefix, Consumer<ObjectInfo> visitor) {
        boolean within = prefix.startsWith(DATA);
        if (!within && !DATA.startsWith(prefix)) {
            home.list(prefix, visitor);
            return;
        }
        String below = within ? prefix : DATA;
        var listings = new ArrayList<MergedListing.Source>();
        listings.add(each -> home.list(prefix, each));
        all.stream().skip(1).forEach(store -> listings.add(each -> store.list(below, each)));
        MergedListing.of(listings, visitor);
    }

    @Override
    public boolean delete(ObjectName name) {
        if (!isData(name)) {
            return home.delete(name);
        }
        boolean deleted = false;
        for (ObjectStore each : all) {
            deleted |= each.delete(name);
        }
        synchronized (places) {
            places.remove(name);
        }
        return deleted;
    }

    @Override
    public Optional<Questions> questions() {
        return home.questions();
    }

    @Override
    public Optional<Locks> locks() {
        return all.stream().anyMatch(each -> each.locks().isPresent())
                ? Optional.of(new TierLocks())
                : Optional.empty();
    }

    /** Locks of whatever target an object lies at; one that does not lock has none. */
    private final class TierLocks implements Locks {

        private ObjectStore at(ObjectName name) {
            ObjectStore place = place(name);
            if (place.locks().isEmpty() && place.length(name).isEmpty()) {
                throw ErrorCode.OBJECT_MISSING
                        .because("it is not at the target")
                        .with("object", name);
            }
            return place;
        }

        @Override
        public Optional<Instant> until(ObjectName name) {
            return at(name).locks().flatMap(locks -> locks.until(name));
        }

        @Override
        public void extend(ObjectName name, Instant until) {
            at(name).locks().ifPresent(locks -> locks.extend(name, until));
        }
    }

    @Override
    public Optional<Recall> recall() {
        return all.stream().anyMatch(each -> each.recall().isPresent())
                ? Optional.of(new TierRecall())
                : Optional.empty();
    }

    /** What lies at a target without cold storage can be read. */
    private final class TierRecall implements Recall {

        @Override
        public Readiness readiness(ObjectName name) {
            return place(name).recall().map(each -> each.readiness(name)).orElse(Readiness.READABLE);
        }

        @Override
        public void request(ObjectName name, Speed speed, Duration keep) {
            place(name).recall().ifPresent(each -> each.request(name, speed, keep));
        }

        @Override
        public Terms terms(ObjectName name) {
            ObjectStore place = place(name);
            Set<String> here = tiers.entrySet().stream()
                    .filter(each -> each.getValue().equals(place))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            return place.recall()
                    .map(each -> each.terms(name))
                    .orElse(Terms.UNKNOWN)
                    .at(here);
        }
    }

    @Override
    public boolean isEmpty() {
        return all.stream().allMatch(ObjectStore::isEmpty);
    }

    @Override
    public void close() {
        RuntimeException first = null;
        for (ObjectStore each : all) {
            try {
                each.close();
            } catch (RuntimeException failed) {
                first = Objects.requireNonNullElse(first, failed);
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
