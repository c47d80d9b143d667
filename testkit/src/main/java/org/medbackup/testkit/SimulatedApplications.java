package org.medbackup.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * Applications that are a folder and need no freeze, at addresses such as {@code simulated://NAME/folder}. A test hears of
 * each phase before it happens, and makes it fail by throwing. Safe for use by several threads.
 */
public final class SimulatedApplications implements ApplicationProvider {

    private static final Map<String, Consumer<String>> LISTENERS = new ConcurrentHashMap<>();

    /** For the service loader. */
    public SimulatedApplications() {}

    /**
     * Places an application.
     *
     * @param phases hears the name of each phase before it happens
     */
    public static void place(String name, Consumer<String> phases) {
        LISTENERS.put(name, phases);
    }

    /** Takes it away. */
    public static void remove(String name) {
        LISTENERS.remove(name);
    }

    @Override
    public Set<String> kinds() {
        return Set.of("simulated");
    }

    @Override
    public Application open(Connection connection, Outside outside) {
        String name = connection.address().getHost();
        return new Simulated(name, Path.of(connection.address().getPath()), LISTENERS.getOrDefault(name, phase -> {}));
    }

    @Override
    public ApplicationRecovery recovery(Outside outside) {
        throw ErrorCode.APPLICATION_FAILED.because("it does not come up again");
    }

    private record Simulated(String name, Path folder, Consumer<String> phases) implements Application {

        @Override
        public String address() {
            return "simulated://" + name;
        }

        @Override
        public Discovery discover(Deadline deadline) {
            phases.accept("discover");
            return new Discovery("1.0", name, Map.of());
        }

        @Override
        public List<Readiness> check(Deadline deadline) {
            phases.accept("check");
            return List.of(new Readiness("answers", true, "it does", ""));
        }

        @Override
        public void prepare(String run, Deadline deadline) {
            phases.accept("prepare");
        }

        @Override
        public boolean freezes() {
            return false;
        }

        @Override
        public void freeze(Deadline deadline) {
            throw new IllegalStateException("it needs no freeze");
        }

        @Override
        public void mark(Deadline deadline) {
            phases.accept("mark");
        }

        @Override
        public void thaw(Deadline deadline) {}

        @Override
        public void copy(CopySink sink) {
            phases.accept("copy");
            sink.tree(new CopySink.TreeCopy(
                    folder, PathBytes.of(folder.toString()), CopySink.Selection.ALL, CopySink.Cut.CONTENT, false));
        }

        @Override
        public Consistency verify(Deadline deadline) {
            phases.accept("verify");
            return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, "position", Duration.ZERO, Map.of());
        }

        @Override
        public void after(Outcome outcome, Deadline deadline) {
            phases.accept("after");
        }

        @Override
        public void close() {}
    }
}
