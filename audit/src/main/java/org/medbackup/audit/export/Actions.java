package org.medbackup.audit.export;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each action of the trail is. Every name that this program writes stands here. */
final class Actions {

    private static final Map<Act, List<String>> NAMES = Map.ofEntries(
            Map.entry(
                    Act.BACKUP,
                    List.of(
                            "app-backup",
                            "app-backup-group",
                            "backup",
                            "copy",
                            "settle",
                            "site-backup",
                            "wal-push",
                            "wal-receive")),
            Map.entry(Act.RESTORE, List.of("app-restore", "drill-restore", "restore", "site-restore", "wal-fetch")),
            Map.entry(Act.EXTRACT, List.of("dump")),
            Map.entry(Act.DESTROY, List.of("forget", "gc")),
            Map.entry(Act.CREATE, List.of("init")),
            Map.entry(
                    Act.LIST,
                    List.of(
                            "catalogue-list",
                            "catalogue-read",
                            "control-listObjects",
                            "control-listRestorePoints",
                            "diff",
                            "find",
                            "ls",
                            "snapshots",
                            "stats")),
            Map.entry(Act.VERIFY, List.of("verify", "wal-check")),
            Map.entry(Act.HOLD, List.of("hold-place", "worm-extend")),
            Map.entry(Act.UNHOLD, List.of("hold-release")),
            Map.entry(Act.ENCRYPT, List.of("key-add-domain", "key-add-recipient", "key-revoke", "key-rotate")),
            Map.entry(Act.DECRYPT, List.of("key-combine-recovery", "key-export-recovery")),
            Map.entry(
                    Act.LOG_READ,
                    List.of("audit-export", "audit-prove", "audit-verify", "compliance-report", "drill-evidence")),
            Map.entry(Act.PROVE, List.of("app-rehearse", "bare-hands", "copy-rule", "drill", "plan-check")),
            Map.entry(
                    Act.READ,
                    List.of(
                            "access-check",
                            "access-show",
                            "anomaly-list",
                            "app-check",
                            "app-list",
                            "approval-list",
                            "control-getForecast",
                            "control-getJob",
                            "control-getLive",
                            "control-getMetrics",
                            "control-getOpenApi",
                            "control-getReady",
                            "control-getRun",
                            "control-listApprovals",
                            "control-listIncidents",
                            "control-listJobs",
                            "control-listRuns",
                            "control-streamEvents",
                            "drill-status",
                            "forget-plan",
                            "gc-plan",
                            "hold-list",
                            "job-list",
                            "job-status",
                            "key-list",
                            "policy-check",
                            "policy-explain",
                            "policy-simulate",
                            "predict",
                            "predict-plan",
                            "recall-plan",
                            "restore-plan",
                            "worm-report")),
            Map.entry(
                    Act.CHANGE,
                    List.of(
                            "access-activate",
                            "access-key",
                            "access-review",
                            "access-sign",
                            "anomaly-clear",
                            "approval-approve",
                            "approval-request",
                            "cancel",
                            "control-acknowledgeIncident",
                            "control-cancelJob",
                            "control-cancelRun",
                            "control-pauseJob",
                            "control-resumeJob",
                            "control-signApproval",
                            "governor-set",
                            "job-cancel",
                            "job-pause",
                            "job-resume",
                            "limit-changed",
                            "policy-activate",
                            "policy-key",
                            "policy-sign",
                            "site-statements")),
            Map.entry(
                    Act.EXECUTE,
                    List.of(
                            "audit-anchor",
                            "audit-timestamp",
                            "catalogue-rebuild",
                            "compliance-survey",
                            "control-startJob",
                            "freeze-recovery",
                            "job",
                            "reconcile",
                            "repair",
                            "target-probe")),
            Map.entry(Act.SERVE, List.of("gateway", "serve")),
            Map.entry(Act.LOGIN, List.of("login")),
            Map.entry(Act.LOGOUT, List.of("logout")),
            Map.entry(Act.ALERT, List.of("audit.recover", "limit-check")));

    private static final SortedMap<String, Act> BY_NAME = byName();

    private Actions() {}

    private static SortedMap<String, Act> byName() {
        var all = new TreeMap<String, Act>();
        NAMES.forEach((act, names) -> names.forEach(name -> all.put(name, act)));
        return Collections.unmodifiableSortedMap(all);
    }

    /** Those that are known. */
    static SortedMap<String, Act> all() {
        return BY_NAME;
    }

    /** What an action is; {@link Act#EXECUTE} where it is unknown, as of another version. */
    static Act of(String action) {
        return BY_NAME.getOrDefault(action, Act.EXECUTE);
    }
}
