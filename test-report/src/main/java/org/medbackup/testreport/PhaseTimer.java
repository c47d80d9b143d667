package org.medbackup.testreport;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tells a test's call apart from its set-up and tear-down, which a listener of the platform cannot see.
 *
 * <p>The callbacks lie around everything that JUnit counts to the execution of the method, its timeout included; an
 * interceptor would lie within the timeout and take one that struck for a failed tear-down.
 */
public final class PhaseTimer implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    /** Made by the JUnit platform. */
    public PhaseTimer() {}

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        CallPhase.begin(context.getUniqueId());
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        CallPhase.end(context.getUniqueId(), context.getExecutionException().orElse(null));
    }
}
