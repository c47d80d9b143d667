package org.medbackup.service;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.engine.Repository;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Recovered;

/** The applications of a plan on their way back, each in a thread of its own. For one use. */
final class DrillRun {

    private final DrillSequence order;
    private final SequencedMap<String, DrilledApplication> applications = new LinkedHashMap<>();

    DrillRun(DrillSequence order, List<DrilledApplication> applications) {
        this.order = order;
        applications.forEach(each -> this.applications.put(each.name(), each));
    }

    /**
     * Brings them back.
     *
     * @return those that were begun, in that order
     */
    List<Recovered> run(Repository repository, OperationLog log) {
        List<Future<Recovered>> begun = new ArrayList<>();
        // What goes on is waited for at the end of the block, whatever ended it.
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("drill-", 0).factory())) {
            try {
                for (Optional<String> next = order.next(); next.isPresent(); next = order.next()) {
                    DrilledApplication application =
                            Objects.requireNonNull(applications.get(next.get()), "the plan has it");
                    begun.add(threads.submit(() -> recovered(application, repository, log)));
                }
                List<Recovered> recovered = new ArrayList<>();
                for (Future<Recovered> each : begun) {
                    recovered.add(each.get());
                }
                return recovered;
            } catch (InterruptedException interrupted) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw ErrorCode.CANCELLED.because("interrupted in a drill", interrupted);
            } catch (ExecutionException broken) {
                threads.shutdownNow();
                if (broken.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("an application of a drill broke off", broken.getCause());
            }
        }
    }

    private Recovered recovered(DrilledApplication application, Repository repository, OperationLog log) {
        boolean verified = false;
        boolean returned = false;
        try {
            Recovered result = application.run(repository, () -> order.ready(application.name()), log);
            returned = true;
            verified = result.failed() == null && result.checks().stream().allMatch(Check::ok);
            return result;
        } finally {
            if (!returned) {
                order.stop();
            }
            order.ended(application.name(), verified);
        }
    }

    /** Stops what was started, the last first. */
    void close() {
        applications.sequencedValues().reversed().forEach(DrilledApplication::close);
    }
}
