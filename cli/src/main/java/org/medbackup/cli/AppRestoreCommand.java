package org.medbackup.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.JsonValue;
import org.medbackup.service.ApplicationRestore;
import org.medbackup.service.MedBackup;
import org.medbackup.service.RecoveryOrder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores an application, brings it up, checks it, stops it. */
@Command(
        name = "restore",
        description =
                "Restores an application below DIR, brings it up beside the real one on another port, checks it and"
                        + " stops it again. The folder can then be started by the application itself.")
final class AppRestoreCommand extends LimitedCommand {

    @Parameters(
            index = "0",
            paramLabel = "APP",
            description = "The address that was backed up; nothing needs to run there.")
    String application = "";

    @Option(names = "--snapshot", paramLabel = "S", description = "Which restore point (default: the newest of APP).")
    @Nullable
    String snapshot;

    @Option(
            names = "--target",
            paramLabel = "DIR",
            required = true,
            description = "Where to; made where it is not there.")
    Path target = Path.of(".");

    @Mixin
    Targets targets = new Targets();

    @Override
    Answer answer(MedBackup product) {
        var order = new RecoveryOrder(
                Optional.ofNullable(snapshot),
                target.toAbsolutePath().normalize(),
                targets.target(),
                targets.timeline,
                targets.moved);
        ApplicationRestore done = product.applications().restore(root().access(), application, order, running -> {});
        Instant time = done.reached().time();
        var recovery = new LinkedHashMap<String, Object>();
        recovery.put("reachedTime", time == null ? new JsonValue.Null() : time.toString());
        recovery.put("reachedLsn", done.reached().position());
        recovery.put("seconds", BackupAnswer.seconds(done.recovery()));
        Answer answer = RestoreAnswer.of(done.restore())
                .field("recovery", recovery)
                .field("checks", AppCheckCommand.members(done.checks()))
                .line(String.format(
                        Locale.ROOT,
                        "recovered to %s in %.2f s",
                        done.reached().position(),
                        BackupAnswer.seconds(done.recovery())));
        AppCheckCommand.lines(done.checks(), answer);
        return done.isRight()
                ? answer
                : answer.ending(
                        ExitCode.DAMAGE,
                        ErrorCode.RESTORED_APPLICATION_INVALID,
                        "a check of the restored application failed");
    }
}
