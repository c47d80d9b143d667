package org.medbackup.service;

import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;

/** A host on which nobody has activated rules of access. */
final class Ungoverned {

    private Ungoverned() {}

    static AccessControl access(Settings settings) {
        var store = new AccessStore(
                settings.state(), new HostSeal(Secret.ofText("a key of this host"), "test", settings.entropy()));
        return new AccessControl(settings, store, new Emergencies(store, () -> {
            throw new AssertionError("nobody is told");
        }));
    }
}
