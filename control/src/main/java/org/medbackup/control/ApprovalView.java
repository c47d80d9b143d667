package org.medbackup.control;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What somebody wishes to do that others have to approve.
 *
 * @param id 32 hexadecimal digits
 * @param operation word of it, such as {@code forget}
 * @param parameters of it
 * @param requester who
 * @param reason why
 * @param state how far it is: {@code PENDING}, {@code COOLING}, {@code READY}, {@code EXPIRED}, {@code VOID} or {@code USED}
 * @param quorum how many have to sign
 * @param approvers whose signatures count
 * @param notBefore it does not happen before
 * @param expires it does not happen from then on
 * @param text what is signed, to the letter
 */
public record ApprovalView(
        String id,
        String operation,
        SortedMap<String, String> parameters,
        String requester,
        String reason,
        String state,
        int quorum,
        List<String> approvers,
        Instant notBefore,
        Instant expires,
        String text) {

    public ApprovalView {
        approvers = List.copyOf(approvers);
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        Names.requireId(id);
    }
}
