package org.medbackup.service;

import java.util.List;
import java.util.Optional;
import org.medbackup.documents.JsonValue;
import org.medbackup.recovery.evidence.CorrectiveAction;
import org.medbackup.recovery.evidence.RestorationProfile;

/**
 * What goes into the evidence of a drill beside the drill.
 *
 * @param profile a limit that it is held against, beside the plan's objectives
 * @param actions what is to be mended
 * @param history earlier drills, each with {@code drill}, {@code began}, {@code predicted}, {@code actual}, {@code errorPercent},
 *     {@code within}
 */
public record EvidenceRequest(
        Optional<RestorationProfile> profile, List<CorrectiveAction> actions, List<JsonValue> history) {

    public EvidenceRequest {
        actions = List.copyOf(actions);
        history = List.copyOf(history);
    }
}
