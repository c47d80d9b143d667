package org.medbackup.service;

import java.util.List;
import java.util.Optional;
import org.medbackup.recovery.evidence.CorrectiveAction;
import org.medbackup.recovery.evidence.RestorationProfile;

/**
 * What goes into the evidence of a drill beside the drill.
 *
 * @param profile a limit that it is held against, beside the plan's objectives
 * @param actions what is to be mended
 */
public record EvidenceRequest(Optional<RestorationProfile> profile, List<CorrectiveAction> actions) {

    /** Nothing. */
    public static final EvidenceRequest NOTHING = new EvidenceRequest(Optional.empty(), List.of());

    public EvidenceRequest {
        actions = List.copyOf(actions);
    }
}
