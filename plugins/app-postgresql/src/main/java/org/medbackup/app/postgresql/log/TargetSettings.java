package org.medbackup.app.postgresql.log;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.medbackup.core.spi.app.ApplicationRecovery.RestoredFiles;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * The parameters that tell a server how far to recover (PostgreSQL manual, "Recovery Target"). A time takes in the
 * transactions that were committed at or before it; a position takes in every record that begins before it and nothing of
 * what comes later, so that what a session reads from {@code pg_current_wal_lsn()} after its commit leads to just that
 * commit.
 */
public final class TargetSettings {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A server takes one of them and refuses a second, also an empty one that comes after it. */
    private static final List<String> EXCLUSIVE = List.of(
            "recovery_target",
            "recovery_target_lsn",
            "recovery_target_name",
            "recovery_target_time",
            "recovery_target_xid");

    private TargetSettings() {}

    /** Puts the parameters among others, which stand on a command line in the order of their names. */
    public static void into(Map<String, String> parameters, RestoredFiles files) {
        Map<String, String> settings = of(files);
        if (EXCLUSIVE.stream().anyMatch(settings::containsKey)) {
            // Targets of an earlier recovery may still stand in the restored configuration. They are emptied first: the
            // server takes names in any case, and capitals come before small letters.
            for (String each : EXCLUSIVE) {
                parameters.remove(each);
                parameters.put(each.toUpperCase(Locale.ROOT), "");
            }
        }
        parameters.putAll(settings);
    }

    /** Empty where the recovery ends with the backup. */
    private static Map<String, String> of(RestoredFiles files) {
        var settings = new TreeMap<String, String>();
        if (files.log() != null) {
            settings.put("recovery_target_timeline", files.log().replay().timeline());
        }
        switch (files.target()) {
            case RecoveryTarget.BackupEnd _, RecoveryTarget.Newest _ -> {
                return settings;
            }
            case RecoveryTarget.AtTime at -> {
                settings.put("recovery_target_time", TIME.format(at.time()));
                settings.put("recovery_target_inclusive", "on");
            }
            case RecoveryTarget.AtPosition at -> {
                settings.put("recovery_target_lsn", at.position());
                settings.put("recovery_target_inclusive", "off");
            }
            case RecoveryTarget.AtName at -> settings.put("recovery_target_name", at.name());
        }
        // It would pause otherwise, and end where nobody may connect.
        settings.put("recovery_target_action", "promote");
        return settings;
    }
}
