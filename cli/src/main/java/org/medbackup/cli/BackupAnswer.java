package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.engine.BackupResult;

/** The answer of a backup, of files or of an application. */
final class BackupAnswer {

    private static final int SHOWN = 20;

    private BackupAnswer() {}

    static Answer of(BackupResult result) {
        BackupResult.Files files = result.files();
        BackupResult.Bytes bytes = result.bytes();
        var answer = new Answer()
                .field("snapshot", result.snapshot())
                .field("parent", result.parent().isEmpty() ? null : result.parent())
                .field("files", files(files))
                .field("bytes", bytes(bytes))
                .field("seconds", seconds(result.took()))
                .field("errors", errors(result.errors()));
        answer.line("restore point " + result.snapshot().substring(0, 8)
                + (result.parent().isEmpty() ? "" : ", after " + result.parent().substring(0, 8)));
        answer.line(String.format(
                Locale.ROOT,
                "files: %d new, %d changed, %d unmodified, %d failed",
                files.added(),
                files.changed(),
                files.unmodified(),
                files.failed()));
        answer.line(String.format(
                Locale.ROOT,
                "bytes: %s scanned, %s read, %s added, %s stored in %.2f s",
                ByteSizes.text(bytes.scanned()),
                ByteSizes.text(bytes.read()),
                ByteSizes.text(bytes.added()),
                ByteSizes.text(bytes.stored()),
                seconds(result.took())));
        result.errors().stream()
                .limit(SHOWN)
                .forEach(error -> answer.line(error.code() + " " + error.path() + ": " + error.message()));
        if (result.errorCount() > SHOWN) {
            answer.line("and " + (result.errorCount() - SHOWN) + " more");
        }
        return result.isComplete() ? answer : answer.incomplete();
    }

    static double seconds(java.time.Duration duration) {
        return Math.round(duration.toNanos() / 1e6) / 1e3;
    }

    private static Map<String, Object> files(BackupResult.Files files) {
        var members = new LinkedHashMap<String, Object>();
        members.put("new", files.added());
        members.put("changed", files.changed());
        members.put("unmodified", files.unmodified());
        members.put("failed", files.failed());
        return members;
    }

    private static Map<String, Object> bytes(BackupResult.Bytes bytes) {
        var members = new LinkedHashMap<String, Object>();
        members.put("scanned", bytes.scanned());
        members.put("read", bytes.read());
        members.put("added", bytes.added());
        members.put("stored", bytes.stored());
        return members;
    }

    private static List<Map<String, Object>> errors(List<BackupResult.Problem> errors) {
        return errors.stream()
                .map(error -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("path", error.path());
                    members.put("code", error.code());
                    members.put("message", error.message());
                    return members;
                })
                .toList();
    }
}
