package org.medbackup.testreport;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Reports every test that the JUnit platform runs in this JVM; found through {@code META-INF/services}.
 *
 * <p>Told where to by the properties {@code testreport.dir}, {@code .part}, {@code .module}, {@code .root} and
 * {@code .run}; does nothing without them. A launch within a running one, as the tests of a test tool make it, is
 * theirs and not reported.
 */
public final class JsonReportListener implements TestExecutionListener {

    private static final AtomicBoolean LAUNCHED = new AtomicBoolean();

    private final @Nullable ReportSettings settings;
    private final AtomicBoolean launched;
    private volatile @Nullable Recording recording;

    /** Made by the JUnit platform. */
    public JsonReportListener() {
        this(ReportSettings.from(System.getProperties()).orElse(null), LAUNCHED);
    }

    /** Reports if there are settings and nobody else has launched anything meanwhile. */
    JsonReportListener(@Nullable ReportSettings settings, AtomicBoolean launched) {
        this.settings = settings;
        this.launched = launched;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan plan) {
        if (settings == null || !launched.compareAndSet(false, true)) {
            return;
        }
        try {
            recording = Recording.start(settings, plan);
        } finally {
            launched.set(recording != null);
        }
    }

    @Override
    public void dynamicTestRegistered(TestIdentifier test) {
        Recording current = recording;
        if (current != null) {
            current.registered(test);
        }
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        Recording current = recording;
        if (current != null) {
            current.started(test);
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        Recording current = recording;
        if (current != null) {
            current.skipped(test, reason);
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Recording current = recording;
        if (current != null) {
            current.finished(test, result);
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        Recording current = recording;
        if (current == null) {
            return;
        }
        recording = null;
        try {
            current.close();
        } finally {
            launched.set(false);
        }
    }
}
