package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.resilience.escalation.IncidentStore;

/** Incidents name jobs and targets; they are kept sealed with a key of this host. For one escalation at a time. */
record SealedIncidents(IncidentStore inner, HostSeal seal) implements IncidentStore {

    private static final String NAME = "incidents";

    @Override
    public void save(String document) {
        byte[] sealed = seal.seal(NAME, document.getBytes(StandardCharsets.UTF_8));
        inner.save(Base64.getEncoder().encodeToString(sealed));
    }

    @Override
    public Optional<String> load() {
        return inner.load().map(this::opened);
    }

    private String opened(String text) {
        try {
            return new String(seal.open(NAME, Base64.getDecoder().decode(text.strip())), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException other) {
            throw ErrorCode.STATE_UNUSABLE.because(
                    "the file of incidents is damaged, or was not written on this host; set it aside and begin anew",
                    other);
        }
    }
}
