package org.medbackup.app.postgresql.log;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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

    private TargetSettings() {}

    /** Empty where the recovery ends with the backup. */
    public static Map<String, String> of(RestoredFiles files) {
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
