package org.medbackup.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall;

/** Cold storage of a test: what was asked for comes after a while, by its clock. */
final class ColdShelf implements Recall {

    private final TimeSource time;
    private final Duration takes;
    private final Map<ObjectName, Long> asked = new HashMap<>();
    private final Set<ObjectName> came = new HashSet<>();
    private final Map<ObjectName, Terms> terms = new HashMap<>();

    /** Each request as it was made: name and speed. */
    final List<String> requests = new ArrayList<>();

    /** The most that were on their way at a time. */
    int mostAtOnce;

    ColdShelf(TimeSource time, Duration takes) {
        this.time = time;
        this.takes = takes;
    }

    /** Some packs, by their numbers. */
    static Deque<ObjectName> packs(int first, int last) {
        var packs = new ArrayDeque<ObjectName>();
        for (int i = first; i <= last; i++) {
            packs.add(ObjectName.of("d/" + i));
        }
        return packs;
    }

    /** The same with a gigabyte each. */
    static List<ObjectInfo> infos(int first, int last) {
        return packs(first, last).stream()
                .map(each -> new ObjectInfo(each, 1_000_000_000))
                .toList();
    }

    /** Forgets that it brought one back. */
    void takeAway(ObjectName name) {
        asked.remove(name);
        came.remove(name);
    }

    /** Has one that was always there. */
    void put(ObjectName name) {
        came.add(name);
    }

    /** Says how it brings one back. */
    void say(ObjectName name, Terms known) {
        terms.put(name, known);
    }

    @Override
    public Terms terms(ObjectName name) {
        return terms.getOrDefault(name, Terms.UNKNOWN);
    }

    @Override
    public Readiness readiness(ObjectName name) {
        Long since = asked.get(name);
        if (since != null && time.since(since).compareTo(takes) >= 0) {
            asked.remove(name);
            came.add(name);
        }
        if (came.contains(name)) {
            return Readiness.READABLE;
        }
        return asked.containsKey(name) ? Readiness.COMING : Readiness.COLD;
    }

    @Override
    public void request(ObjectName name, Speed speed, Duration keep) {
        requests.add(name + " " + speed);
        asked.put(name, time.nanos());
        List.copyOf(asked.keySet()).forEach(this::readiness);
        mostAtOnce = Math.max(mostAtOnce, asked.size());
    }
}
