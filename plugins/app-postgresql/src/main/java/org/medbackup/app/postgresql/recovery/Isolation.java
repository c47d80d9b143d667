package org.medbackup.app.postgresql.recovery;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.medbackup.app.postgresql.log.TargetSettings;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;

/**
 * Parameters that keep a restored server from everything around it. They stand on its command line, where they win over
 * what the restored configuration says.
 */
record Isolation(int major, RestoredFiles files) {

    private static final Map<String, String> ALWAYS = Map.ofEntries(
            // The production archive must not see a second server of the same timeline.
            Map.entry("archive_mode", "off"),
            Map.entry("archive_command", ""),
            // All the log that is needed was restored; the server insists on a command, and this one has nothing.
            Map.entry("restore_command", "false"),
            Map.entry("recovery_target_timeline", "current"),
            // Targets of an earlier recovery may still stand in the restored configuration.
            Map.entry("recovery_target", ""),
            Map.entry("recovery_target_time", ""),
            Map.entry("recovery_target_lsn", ""),
            Map.entry("recovery_target_name", ""),
            Map.entry("recovery_target_xid", ""),
            Map.entry("hot_standby", "off"),
            Map.entry("archive_cleanup_command", ""),
            Map.entry("recovery_end_command", ""),
            // Peers; and nobody to wait for at commit.
            Map.entry("primary_conninfo", ""),
            Map.entry("primary_slot_name", ""),
            Map.entry("synchronous_standby_names", ""),
            Map.entry("max_logical_replication_workers", "0"),
            // Files of the production server's machine.
            Map.entry("external_pid_file", ""),
            Map.entry("ssl", "off"),
            Map.entry("unix_socket_group", ""),
            Map.entry("unix_socket_permissions", "0700"),
            // Its memory may be larger than this machine's.
            Map.entry("shared_buffers", "128MB"),
            Map.entry("huge_pages", "try"),
            // Patients' data stays out of the log, and the guest's password in its safest form.
            Map.entry("log_statement", "none"),
            Map.entry("log_min_duration_statement", "-1"),
            Map.entry("log_min_error_statement", "panic"),
            Map.entry("password_encryption", "scram-sha-256"),
            Map.entry("default_transaction_read_only", "off"),
            Map.entry("session_preload_libraries", ""),
            Map.entry("local_preload_libraries", ""));

    /** Libraries that start jobs of their own. The others stay: some are needed to read the log or the tables. */
    private static final Set<String> JOBS =
            Set.of("pg_cron", "pg_partman_bgw", "pglogical", "bdr", "pgagent", "pg_squeeze");

    /** Where a restored server must not be smaller than the one that wrote its log, or keep what it holds in memory. */
    private static final Set<String> SIZES = Set.of(
            "max_connections",
            "max_worker_processes",
            "max_wal_senders",
            "max_prepared_transactions",
            "max_locks_per_transaction");

    Map<String, String> parameters() {
        Map<String, String> all = new TreeMap<>(ALWAYS);
        TargetSettings.into(all, files);
        if (major >= 15) {
            all.put("archive_library", "");
        }
        String libraries = files.evidence().get("setting.shared_preload_libraries");
        if (libraries != null) {
            all.put("shared_preload_libraries", withoutJobs(libraries));
        }
        for (String size : SIZES) {
            String value = files.evidence().get("setting." + size);
            if (value != null) {
                all.put(size, value);
            }
        }
        String configuration = files.evidence().get("config_file");
        if (configuration != null) {
            Path original = Path.of(configuration);
            Path restored = files.root().resolve(original.subpath(0, original.getNameCount()));
            if (Files.exists(restored)) {
                all.put("config_file", restored.toString());
            }
        }
        return all;
    }

    private static String withoutJobs(String libraries) {
        return Arrays.stream(libraries.split(","))
                .map(String::strip)
                .filter(each -> !each.isEmpty() && !JOBS.contains(each))
                .collect(Collectors.joining(","));
    }
}
