package org.medbackup.app.oracle.recovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.medbackup.app.oracle.OracleProgram;
import org.medbackup.app.oracle.RecoveryScript;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ApplicationRecovery;
import org.medbackup.core.spi.app.RecoveryTarget;

/**
 * Brings a database up in an instance of its own, which the programs of an Oracle home on this machine start: with other
 * names, without jobs, and with online logs that are not the real ones. Where no home is configured, the script of the
 * restore point is what an administrator runs.
 *
 * @param outside the ports it works through
 */
public record OracleRecovery(Outside outside) implements ApplicationRecovery {

    private static final int LETTERS = 6;

    @Override
    public Recovered start(RestoredFiles files, Deadline deadline) {
        Map<String, String> facts = files.evidence();
        String home = facts.getOrDefault("sandbox", "");
        if (home.isEmpty()) {
            throw ErrorCode.APPLICATION_PROGRAM_MISSING.because(
                    "no Oracle home for a sandbox is configured; run the script that was restored with the files");
        }
        String control = facts.getOrDefault("control_file", "");
        if (control.isEmpty() || !facts.containsKey("last_scn")) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restore point names no control file or no SCN");
        }
        UnaryOperator<String> at = path -> below(files, path);
        if (RecoveryScript.endangers(facts, at)) {
            throw ErrorCode.USAGE.because(
                    "files of the real database that Oracle manages are, or may be, on this machine, and a sandbox"
                            + " would delete them; try the restore on another machine, or run the script");
        }
        if (RecoveryScript.areLive(facts, at)) {
            throw ErrorCode.USAGE.because(
                    "the image copies were restored to where RMAN keeps them, and a sandbox would write into them; try"
                            + " the restore in another folder, or run the script");
        }
        var sandbox = new RecoveryScript.Sandbox(at, files.scratch(), until(facts, files.target()));
        String name = "MB" + Integer.toHexString(control.hashCode()).toUpperCase(java.util.Locale.ROOT);
        String sid = name.substring(0, Math.min(name.length(), LETTERS + 2));
        var program = new OracleProgram(outside, Path.of(home), sid, atLeastASecond(deadline.remaining()));
        write(files, facts, sandbox, sid, Path.of(at.apply(control)));
        var instance = new SandboxInstance(program, sandbox.until());
        try {
            if (RecoveryScript.isByRman(facts)) {
                program.run(OracleProgram.Kind.RMAN, "recovery", RecoveryScript.byRman(facts, sandbox), () -> 0);
            } else {
                String script = RecoveryScript.ofSnapshot(facts, sandbox);
                program.run(OracleProgram.Kind.SQLPLUS, "recovery", script, () -> 0);
            }
            return instance;
        } catch (RuntimeException failed) {
            instance.close();
            throw failed;
        }
    }

    private static Duration atLeastASecond(Duration limit) {
        return limit.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : limit;
    }

    private static String until(Map<String, String> facts, RecoveryTarget target) {
        return switch (target) {
            case RecoveryTarget.BackupEnd _ -> RecoveryScript.until(facts);
            case RecoveryTarget.AtPosition at -> within(facts, at.position());
            default ->
                throw ErrorCode.USAGE.because(
                        "Oracle's times depend on the server's zone; name an SCN, or none for the end of the backup");
        };
    }

    private static String within(Map<String, String> facts, String position) {
        if (!position.matches("\\d{1,18}")) {
            throw ErrorCode.USAGE.because("a position of Oracle is an SCN");
        }
        long wanted = Long.parseLong(position);
        if (wanted < number(facts, "restorable_scn") || wanted > number(facts, "last_scn")) {
            throw ErrorCode.RECOVERY_TARGET_UNREACHABLE
                    .because("the restore point leads to points between two SCNs only")
                    .with("from", number(facts, "restorable_scn"))
                    .with("to", number(facts, "last_scn"));
        }
        return Long.toString(wanted + 1);
    }

    private static long number(Map<String, String> facts, String name) {
        return Long.parseLong(facts.getOrDefault(name, "0"));
    }

    /** Where a path of the restore point lies now. */
    private static String below(RestoredFiles files, String file) {
        Path path = Path.of(file);
        for (Map.Entry<Path, Path> each : files.moved().entrySet()) {
            if (path.startsWith(each.getKey())) {
                return each.getValue().resolve(each.getKey().relativize(path)).toString();
            }
        }
        return files.root().resolve(path.subpath(0, path.getNameCount())).toString();
    }

    private static void write(
            RestoredFiles files, Map<String, String> facts, RecoveryScript.Sandbox sandbox, String sid, Path control) {
        try {
            Files.writeString(
                    files.scratch().resolve("init.ora"),
                    RecoveryScript.parameters(facts, sandbox, sid),
                    StandardCharsets.UTF_8);
            if (!RecoveryScript.isByRman(facts)) {
                Files.copy(control, files.scratch().resolve("control.ctl"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException failed) {
            throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored control file cannot be read", failed);
        }
    }
}
