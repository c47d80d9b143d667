package org.medbackup.testreport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.opentest4j.TestAbortedException;

/** Turns the events of one test plan into lines of the part file. Safe for use by tests that run in parallel. */
final class Recording {

    /** Without this JUnit does not load {@link PhaseTimer}, and nothing is known of phases. */
    private static final String AUTODETECTION = "junit.jupiter.extensions.autodetection.enabled";

    private static final Set<String> TIMED = Set.of("method", "test-template-invocation");

    private final TestPlan plan;
    private final PartFile part;
    private final PathRedactor redactor;
    private final NodeNames names;
    private final SourceLines lines = new SourceLines();
    private final boolean timer;
    private final Map<String, Long> began = new ConcurrentHashMap<>();
    private final Set<String> recorded = ConcurrentHashMap.newKeySet();

    private Recording(TestPlan plan, ReportSettings settings, PartFile part) {
        this.plan = plan;
        this.part = part;
        this.redactor = new PathRedactor(settings.root(), System.getProperties());
        this.names = new NodeNames(plan, settings.modulePrefix(), redactor);
        this.timer = plan.getConfigurationParameters().getBoolean(AUTODETECTION).orElse(false);
    }

    static Recording start(ReportSettings settings, TestPlan plan) {
        try {
            long process = ProcessHandle.current().pid();
            var recording = new Recording(plan, settings, PartFile.open(settings, process, InstantSource.system()));
            recording.name(plan.getRoots().stream().flatMap(root -> plan.getDescendants(root).stream()));
            return recording;
        } catch (IOException e) {
            throw new UncheckedIOException("the test report cannot be written to " + settings.dir(), e);
        }
    }

    void registered(TestIdentifier test) {
        name(Stream.of(test));
    }

    private void name(Stream<TestIdentifier> tests) {
        tests.filter(TestIdentifier::isTest).forEach(names::idOf);
    }

    void started(TestIdentifier test) {
        if (isTimed(test)) {
            CallPhase.expect(test.getUniqueId());
        }
        began.put(test.getUniqueId(), System.nanoTime());
    }

    void skipped(TestIdentifier skipped, String reason) {
        for (TestIdentifier test : leaves(skipped)) {
            write(test, Phases.skipped(redactor.redact(reason)));
        }
    }

    void finished(TestIdentifier test, TestExecutionResult result) {
        long now = System.nanoTime();
        Long start = began.remove(test.getUniqueId());
        long from = start == null ? now : start;
        Throwable thrown = thrown(result);
        if (!test.isTest()) {
            if (thrown != null) {
                containerBroke(test, now - from, thrown);
            }
        } else if (isTimed(test)) {
            write(test, Phases.timed(from, CallPhase.take(test.getUniqueId()), now, thrown, redactor));
        } else {
            write(test, Phases.untimed(now - from, thrown, redactor));
        }
    }

    /** A class or factory that broke has no test of its own in the report; it gets one entry, as an error. */
    private void containerBroke(TestIdentifier container, long nanos, Throwable thrown) {
        Phase broken = Phase.ended(nanos, thrown, redactor);
        boolean ran = plan.getDescendants(container).stream().anyMatch(each -> recorded.contains(each.getUniqueId()));
        if (ran) {
            write(container, Phases.brokenTeardown(broken));
        } else if (broken.outcome() == Outcome.SKIPPED) {
            for (TestIdentifier test : leaves(container)) {
                write(test, Phases.brokenSetup(broken));
            }
        } else {
            write(container, Phases.brokenSetup(broken));
        }
    }

    /** The tests in a container, or the container itself if they are not known before it runs. */
    private List<TestIdentifier> leaves(TestIdentifier node) {
        List<TestIdentifier> leaves = plan.getDescendants(node).stream()
                .filter(each -> each.isTest() || isUnexpanded(each))
                .toList();
        return leaves.isEmpty() ? List.of(node) : leaves;
    }

    private boolean isUnexpanded(TestIdentifier node) {
        return node.getSource().orElse(null) instanceof MethodSource
                && plan.getChildren(node).isEmpty();
    }

    private void write(TestIdentifier test, Phases phases) {
        int line = names.methodOf(test)
                .map(MethodSource::getJavaMethod)
                .map(lines::lineOf)
                .orElse(0);
        var tags = test.getTags().stream().map(TestTag::getName).sorted();
        var keywords =
                Stream.concat(names.nameOf(test).keywords().stream(), tags).toList();
        try {
            part.append(new TestEntry(names.idOf(test), line, keywords, phases).json());
        } catch (IOException e) {
            throw new UncheckedIOException("the test report cannot be written", e);
        }
        recorded.add(test.getUniqueId());
    }

    void close() {
        try {
            part.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the test report cannot be merged", e);
        }
    }

    /** Dynamic tests, and tests of other engines, have no phases: their whole time is the call's. */
    private boolean isTimed(TestIdentifier test) {
        var segments = test.getUniqueIdObject();
        return timer
                && segments.getEngineId().filter("junit-jupiter"::equals).isPresent()
                && TIMED.contains(segments.getLastSegment().getType());
    }

    private static @Nullable Throwable thrown(TestExecutionResult result) {
        if (result.getStatus() == Status.SUCCESSFUL) {
            return null;
        }
        boolean aborted = result.getStatus() == Status.ABORTED;
        return result.getThrowable()
                .orElseGet(() ->
                        aborted ? new TestAbortedException("no reason given") : new AssertionError("no reason given"));
    }
}
