package org.medbackup.app.directory;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;

/**
 * Units of systemd (systemctl(1)). A unit that was not active is left as it was.
 *
 * @param names in the order of their stop
 * @param memory which of them were active
 */
record Units(Processes processes, List<String> names, UnitMemory memory) {

    /** What a unit says of itself (systemctl show). */
    private String property(String name, String unit, Deadline deadline) {
        return call(deadline, "show", "--property=" + name, "--value", "--", unit)
                .output()
                .strip();
    }

    private Completed call(Deadline deadline, String... words) {
        deadline.check("systemctl");
        List<String> arguments = new ArrayList<>(List.of("systemctl"));
        arguments.addAll(List.of(words));
        Completed done = processes.run(Command.of(arguments).within(deadline.remaining()));
        if (done.timedOut()) {
            throw ErrorCode.BUDGET_EXCEEDED
                    .because("a unit did not follow in time")
                    .with("unit", arguments.getLast());
        }
        if (!done.succeeded()) {
            throw ErrorCode.APPLICATION_FAILED
                    .because("systemctl " + words[0] + " failed with " + done.exitCode())
                    .with("unit", arguments.getLast());
        }
        return done;
    }

    private boolean isActive(String unit, Deadline deadline) {
        return switch (property("ActiveState", unit, deadline)) {
            case "active", "reloading", "activating" -> true;
            default -> false;
        };
    }

    List<Readiness> check(Deadline deadline) {
        List<String> missing = names.stream()
                .filter(unit -> !property("LoadState", unit, deadline).equals("loaded"))
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        return List.of(
                missing.isEmpty()
                        ? new Readiness("units", true, names.size() + " units", "")
                        : new Readiness(
                                "units",
                                false,
                                "not loaded: " + String.join(", ", missing),
                                "Compare `units` with `systemctl list-units --all`"));
    }

    /** Stops those that are active; what is remembered of an earlier run that died counts as active. */
    void stop(Deadline deadline) {
        List<String> active = new ArrayList<>(memory.read());
        for (String unit : names) {
            if (isActive(unit, deadline)) {
                active.remove(unit);
                active.add(unit);
                // Before the stop: whoever comes after our death has to know it.
                memory.write(active);
                call(deadline, "stop", "--", unit);
            }
        }
    }

    void reload(Deadline deadline) {
        for (String unit : names) {
            if (isActive(unit, deadline)) {
                call(deadline, "reload", "--", unit);
            }
        }
    }

    /** Whether none of them was started by somebody else meanwhile. */
    boolean areStopped(Deadline deadline) {
        return names.stream().noneMatch(unit -> isActive(unit, deadline));
    }

    /** Starts those that were active, the last that was stopped first. */
    void start(Deadline deadline) {
        List<String> active = memory.read();
        for (String unit : active.reversed()) {
            call(deadline, "start", "--", unit);
        }
        for (String unit : active) {
            if (!isActive(unit, deadline)) {
                throw ErrorCode.APPLICATION_FAILED
                        .because("a unit was started and is not active")
                        .with("unit", unit);
            }
        }
        memory.forget();
    }
}
