package org.medbackup.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.engine.RestoreResult;

/**
 * A restored application that was brought up, checked and stopped again.
 *
 * @param restore what was restored
 * @param root folder that the restore point's paths lie below
 * @param reached how far the application's own recovery went
 * @param recovery how long that took
 * @param checks what was proven
 */
public record ApplicationRestore(
        RestoreResult restore,
        Path root,
        ApplicationRecovery.Reached reached,
        Duration recovery,
        List<Application.Readiness> checks) {

    public ApplicationRestore {
        checks = List.copyOf(checks);
    }

    /** Whether every check was passed. */
    public boolean isRight() {
        return checks.stream().allMatch(Application.Readiness::ok);
    }
}
