package org.medbackup.service;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a site is restored on a new machine.
 *
 * @param snapshot which restore point, as {@link org.medbackup.engine.Repository#find} takes it; empty for the newest
 * @param host whose site, where the repository holds those of several; empty where it holds one
 * @param configuration file to restore the configuration to; null for where it was
 * @param state folder to restore the state to; null for where it was
 * @param replace whether what stands there already is set aside under another name
 */
public record SiteRestoreOrder(
        String snapshot,
        String host,
        @Nullable Path configuration,
        @Nullable Path state,
        boolean replace) {

    /** The newest of the one site that there is, to where it was; nothing is set aside. */
    public static SiteRestoreOrder usual() {
        return new SiteRestoreOrder("", "", null, null, false);
    }
}
