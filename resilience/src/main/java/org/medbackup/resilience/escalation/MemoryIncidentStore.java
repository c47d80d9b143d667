package org.medbackup.resilience.escalation;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** In memory. Safe for use by several threads. */
final class MemoryIncidentStore implements IncidentStore {

    private volatile @Nullable String document;

    @Override
    public void save(String replacement) {
        document = replacement;
    }

    @Override
    public Optional<String> load() {
        return Optional.ofNullable(document);
    }
}
