package org.medbackup.service;

import static org.medbackup.access.AccessRight.AUDIT;
import static org.medbackup.access.AccessRight.BACK_UP;
import static org.medbackup.access.AccessRight.DECIDE_ACCESS;
import static org.medbackup.access.AccessRight.DECIDE_POLICY;
import static org.medbackup.access.AccessRight.EXPIRE;
import static org.medbackup.access.AccessRight.FETCH_LOG;
import static org.medbackup.access.AccessRight.HOLD;
import static org.medbackup.access.AccessRight.KEEP_KEYS;
import static org.medbackup.access.AccessRight.LOOK;
import static org.medbackup.access.AccessRight.OPERATE;
import static org.medbackup.access.AccessRight.PROVE;
import static org.medbackup.access.AccessRight.RELEASE;
import static org.medbackup.access.AccessRight.RESTORE;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.medbackup.access.AccessRight;

/** Which right each operation needs, by the name that it has in the audit trail. What is not here is allowed to nobody. */
final class ActionRights {

    /** What keeps a production system safe, or only says what was seen: never refused. */
    private static final Set<String> FREE = Set.of(
            "freeze-recovery",
            "limit-check",
            "audit-anchor",
            "audit-timestamp",
            "compliance-survey",
            "access-show",
            "access-key",
            "access-sign",
            "access-check");

    private static final Map<String, AccessRight> NEEDED = needed();

    private ActionRights() {}

    private static Map<String, AccessRight> needed() {
        Map<String, AccessRight> needed = new HashMap<>();
        put(
                needed,
                LOOK,
                List.of(
                        "snapshots",
                        "ls",
                        "find",
                        "diff",
                        "stats",
                        "catalogue-list",
                        "copy-rule",
                        "job-list",
                        "job-status",
                        "app-list",
                        "app-check",
                        "plan-check",
                        "predict",
                        "predict-plan",
                        "recall-plan",
                        "restore-plan",
                        "forget-plan",
                        "gc-plan",
                        "worm-report",
                        "hold-list",
                        "key-list",
                        "policy-check",
                        "policy-explain",
                        "policy-simulate",
                        "drill-status",
                        "wal-check",
                        "anomaly-list",
                        "approval-list",
                        "approval-request",
                        "approval-approve",
                        "control-signApproval",
                        "incident-list",
                        "target-list",
                        "site-status",
                        "bare-hands"));
        put(
                needed,
                BACK_UP,
                List.of(
                        "init",
                        "backup",
                        "app-backup",
                        "app-backup-group",
                        "job",
                        "copy",
                        "reconcile",
                        "settle",
                        "site-backup",
                        "wal-push",
                        "wal-receive",
                        "worm-extend",
                        "catalogue-rebuild",
                        "repair",
                        "serve",
                        "gateway"));
        put(
                needed,
                PROVE,
                List.of("verify", "app-rehearse", "drill", "drill-restore", "drill-evidence", "target-probe"));
        put(needed, FETCH_LOG, List.of("wal-fetch"));
        put(needed, RESTORE, List.of("restore", "dump", "app-restore", "site-restore"));
        put(needed, EXPIRE, List.of("forget", "gc"));
        put(
                needed,
                OPERATE,
                List.of(
                        "job-pause",
                        "job-resume",
                        "job-cancel",
                        "cancel",
                        "governor-set",
                        "incident-ack",
                        "control-startJob",
                        "control-pauseJob",
                        "control-resumeJob",
                        "control-cancelJob",
                        "control-cancelRun",
                        "control-acknowledgeIncident"));
        put(needed, DECIDE_POLICY, List.of("policy-activate", "policy-sign", "policy-key"));
        put(
                needed,
                KEEP_KEYS,
                List.of(
                        "key-add-domain",
                        "key-add-recipient",
                        "key-combine-recovery",
                        "key-export-recovery",
                        "key-revoke",
                        "key-rotate"));
        put(needed, HOLD, List.of("hold-place"));
        put(needed, RELEASE, List.of("hold-release", "anomaly-clear"));
        put(
                needed,
                AUDIT,
                List.of(
                        "audit-verify",
                        "audit-export",
                        "audit-prove",
                        "compliance-report",
                        "site-statements",
                        "access-review"));
        put(needed, DECIDE_ACCESS, List.of("access-activate"));
        return Map.copyOf(needed);
    }

    private static void put(Map<String, AccessRight> needed, AccessRight right, List<String> actions) {
        actions.forEach(each -> needed.put(each, right));
    }

    /** Whether an operation needs no right. */
    static boolean isFree(String action) {
        return FREE.contains(action);
    }

    /** The right that an operation needs; empty where nobody has it. */
    static Optional<AccessRight> of(String action) {
        return Optional.ofNullable(NEEDED.get(action));
    }

    /** Whether an operation takes data out of the repository. */
    static boolean takesOut(String action) {
        return NEEDED.get(action) == RESTORE;
    }
}
