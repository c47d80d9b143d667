package org.medbackup.apps;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.medbackup.core.Deadline;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * An application that writes down what is done to it and does in each phase what a test has put there. It is frozen from
 * the end of a freeze that did not fail to the end of the next thaw that did not fail.
 */
final class ScriptedApplication implements Application {

    private final boolean freezing;
    private final Map<Phase, IntConsumer> script = new EnumMap<>(Phase.class);
    private final Map<Phase, Integer> calls = new EnumMap<>(Phase.class);
    private final List<String> journal = Collections.synchronizedList(new ArrayList<>());
    private List<Readiness> readiness = List.of(new Readiness("wal_level", true, "replica", ""));
    private Duration added = Duration.ofMillis(300);
    private volatile Duration markDeadline = Duration.ZERO;
    private volatile boolean frozen;
    private volatile boolean everCopiedFrozen;

    ScriptedApplication(boolean freezing) {
        this.freezing = freezing;
    }

    /** What happens in a phase; the number says which call of that phase it is, from 1. */
    ScriptedApplication in(Phase phase, IntConsumer action) {
        script.put(phase, action);
        return this;
    }

    ScriptedApplication in(Phase phase, Runnable action) {
        return in(phase, call -> action.run());
    }

    ScriptedApplication with(List<Readiness> checks) {
        readiness = checks;
        return this;
    }

    ScriptedApplication adding(Duration time) {
        added = time;
        return this;
    }

    /** The calls in their order, {@code after} with its outcome. */
    List<String> journal() {
        synchronized (journal) {
            return List.copyOf(journal);
        }
    }

    boolean isFrozen() {
        return frozen;
    }

    boolean wasCopiedFrozen() {
        return everCopiedFrozen;
    }

    private void enter(Phase phase, String entry) {
        journal.add(entry);
        int call;
        synchronized (calls) {
            call = calls.merge(phase, 1, Integer::sum);
        }
        script.getOrDefault(phase, nothing -> {}).accept(call);
    }

    private void enter(Phase phase) {
        enter(phase, phase.label());
    }

    @Override
    public String address() {
        return "scripted://application";
    }

    @Override
    public Discovery discover(Deadline deadline) {
        enter(Phase.DISCOVER);
        return new Discovery("1", "identity", Map.of());
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        enter(Phase.CHECK);
        return readiness;
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        enter(Phase.PREPARE);
    }

    @Override
    public boolean freezes() {
        return freezing;
    }

    @Override
    public Map<String, String> freezeHandle() {
        return Map.of("session", "17");
    }

    @Override
    public void freeze(Deadline deadline) {
        enter(Phase.FREEZE);
        frozen = true;
    }

    /** How much time the mark was given. */
    Duration markDeadline() {
        return markDeadline;
    }

    @Override
    public void mark(Deadline deadline) {
        markDeadline = deadline.budget();
        enter(Phase.MARK);
    }

    @Override
    public void thaw(Deadline deadline) {
        enter(Phase.THAW);
        frozen = false;
    }

    @Override
    public void copy(CopySink sink) {
        everCopiedFrozen |= frozen;
        enter(Phase.COPY);
        everCopiedFrozen |= frozen;
    }

    @Override
    public Consistency verify(Deadline deadline) {
        enter(Phase.VERIFY);
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, "0/1", added, Map.of());
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        enter(Phase.AFTER, "after " + outcome);
    }

    @Override
    public void close() {
        journal.add("close");
    }
}
