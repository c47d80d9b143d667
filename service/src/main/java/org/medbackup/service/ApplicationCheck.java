package org.medbackup.service;

import java.util.List;
import org.medbackup.core.spi.app.Application;

/**
 * Whether an application can be backed up consistently.
 *
 * @param address of the application, without secrets
 * @param discovery what was found
 * @param checks each precondition
 */
public record ApplicationCheck(String address, Application.Discovery discovery, List<Application.Readiness> checks) {

    public ApplicationCheck {
        checks = List.copyOf(checks);
    }

    public boolean isReady() {
        return checks.stream().allMatch(Application.Readiness::ok);
    }
}
