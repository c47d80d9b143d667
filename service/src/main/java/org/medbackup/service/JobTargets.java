package org.medbackup.service;

import java.util.Map;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;

/**
 * The repository and the targets of its copies, which one credential opens.
 *
 * @param repository itself
 * @param locations of the others, by name
 */
record JobTargets(RepositoryAccess repository, Map<String, String> locations) {

    RepositoryAccess access(String target) {
        return new RepositoryAccess(location(target), repository.credential());
    }

    String location(String target) {
        if (target.equals(CopyLedger.REPOSITORY)) {
            return repository.location();
        }
        String location = locations.get(target);
        if (location == null) {
            throw ErrorCode.CONFIGURATION_INVALID
                    .because("the configuration has no target of this name any more")
                    .with("target", target);
        }
        return location;
    }
}
