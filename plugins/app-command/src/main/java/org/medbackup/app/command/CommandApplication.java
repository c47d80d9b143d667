package org.medbackup.app.command;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.ServiceFolders;

/** One service that is frozen and thawed by commands; its folders are copied from a snapshot. */
final class CommandApplication implements Application {

    private final Outside outside;
    private final String address;
    private final boolean iris;
    private final @Nullable Call freeze;
    private final Calls calls;
    private final ServiceFolders folders;

    private String run = "none";
    private String position = "";
    private boolean finished;
    private volatile boolean othersFroze;
    private volatile boolean frozenHere;

    CommandApplication(Connection connection, Outside outside) {
        this.outside = outside;
        this.address = "command://" + name(connection.address());
        this.iris = preset(connection);
        Map<Step, Call> configured = calls(connection, iris);
        this.freeze = configured.get(Step.FREEZE);
        this.calls = new Calls(
                outside.processes(),
                address,
                connection.option("account", ""),
                configured,
                Call.codes(connection.option("statusThawed", iris ? "3" : "1")));
        boolean byMark = connection.option("snapshotBy", "product").equals("mark");
        this.folders =
                new ServiceFolders(List.of(), connection, address, byMark ? ShownByMark.INSTANCE : outside.snapshots());
        if (configured.containsKey(Step.FREEZE) != configured.containsKey(Step.THAW)) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("freeze and thaw are given together or not at all");
        }
    }

    private static String name(URI uri) {
        String name = uri.getRawAuthority();
        boolean plain = uri.getRawPath() == null
                || uri.getRawPath().isEmpty()
                || uri.getRawPath().equals("/");
        if (name == null || !name.matches("[A-Za-z0-9._-]+") || !plain || uri.getRawQuery() != null) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("write it as command://NAME");
        }
        return name;
    }

    private static boolean preset(Connection connection) {
        return switch (connection.option("preset", "")) {
            case "" -> false;
            case "iris" -> true;
            default -> throw ErrorCode.APPLICATION_URL_MALFORMED.because("the only preset is iris");
        };
    }

    private static Map<Step, Call> calls(Connection connection, boolean iris) {
        var calls = new EnumMap<Step, Call>(Step.class);
        for (Step step : Step.values()) {
            String otherwise = iris ? preset(connection, step) : "";
            Call call = Call.of(connection, step, otherwise, iris && step != Step.MARK ? "5" : step.usualSuccess());
            if (call != null) {
                calls.put(step, call);
            }
        }
        return calls;
    }

    private static String preset(Connection connection, Step step) {
        return switch (step) {
            case FREEZE -> Iris.freeze(connection);
            case THAW -> Iris.thaw(connection);
            case STATUS -> Iris.status(connection);
            case FINISH -> Iris.finish(connection);
            case MARK -> "";
        };
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Discovery discover(Deadline deadline) {
        return new Discovery(iris ? "iris" : "command", address, folders.facts());
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        List<Readiness> checks = new ArrayList<>(folders.check());
        Readiness programs = calls.check();
        checks.add(programs);
        if (iris && freeze != null) {
            checks.add(Iris.limitCheck(freeze));
        }
        if (programs.ok()) {
            boolean frozen = Boolean.TRUE.equals(calls.isFrozen(run, deadline));
            checks.add(new Readiness(
                    "not_frozen",
                    !frozen,
                    frozen ? "it is frozen by somebody else" : "it is not frozen",
                    frozen ? "Find who has frozen it and let them thaw it, or thaw it by hand" : ""));
        }
        return checks;
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        run = name.replaceAll("[^A-Za-z0-9._-]", "_");
        folders.prepare(deadline);
        refuseForeign(deadline);
    }

    private void refuseForeign(Deadline deadline) {
        if (Boolean.TRUE.equals(calls.isFrozen(run, deadline))) {
            throw ErrorCode.APPLICATION_NOT_READY.because("somebody else has frozen it");
        }
    }

    @Override
    public boolean freezes() {
        return calls.has(Step.FREEZE);
    }

    @Override
    public void freeze(Deadline deadline) {
        if (frozenHere) {
            throw ErrorCode.APPLICATION_NOT_READY.because("this backup has frozen it already");
        }
        // Whoever froze it since the preparation has to thaw it: until the command below runs, nothing here is ours.
        othersFroze = true;
        refuseForeign(deadline);
        othersFroze = false;
        frozenHere = true;
        calls.run(Step.FREEZE, run, deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        folders.take(run, deadline);
        String said = calls.run(Step.MARK, run, deadline);
        // Asked before the thaw: a service that went on by itself in the meantime has spoilt the snapshot.
        if (freezes() && Boolean.FALSE.equals(calls.isFrozen(run, deadline))) {
            throw ErrorCode.FREEZE_LOST.because("it went on by itself before the thaw");
        }
        position = said.isEmpty() ? outside.time().now().toString() : said.substring(0, Math.min(200, said.length()));
    }

    @Override
    public void thaw(Deadline deadline) {
        if (!othersFroze && !saysThawed(deadline)) {
            calls.run(Step.THAW, run, deadline);
            if (Boolean.TRUE.equals(calls.isFrozen(run, deadline))) {
                throw ErrorCode.APPLICATION_FAILED.because("it says that it is frozen still");
            }
        }
        frozenHere = false;
    }

    /** A status that cannot be had is no reason not to thaw. */
    private boolean saysThawed(Deadline deadline) {
        try {
            return Boolean.FALSE.equals(calls.isFrozen(run, deadline));
        } catch (BackupException unknown) {
            return false;
        }
    }

    @Override
    public void copy(CopySink sink) {
        folders.copy(sink);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        var evidence = new TreeMap<>(folders.facts());
        evidence.put("service.copy", folders.means());
        evidence.put("service.quiet", freezes() ? iris ? "iris" : "command" : "none");
        // Without a status nobody knows whether it stayed frozen until the snapshot was taken.
        boolean proven = freezes() && calls.has(Step.STATUS);
        return new Consistency(folders.level(proven, proven), position, Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        try {
            if (outcome == Outcome.SUCCESS && !finished) {
                finished = true;
                calls.run(Step.FINISH, run, deadline);
            }
        } finally {
            folders.release();
        }
    }

    @Override
    public void close() {
        folders.close();
    }
}
