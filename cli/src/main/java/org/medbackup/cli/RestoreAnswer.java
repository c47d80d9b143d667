package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.engine.RestoreResult;

/** The answer of a restore, of files or of an application. */
final class RestoreAnswer {

    private static final int SHOWN = 20;

    private RestoreAnswer() {}

    static Answer of(RestoreResult result) {
        var answer = new Answer()
                .field("files", result.files())
                .field("bytes", bytes(result.bytes()))
                .field("seconds", BackupAnswer.seconds(result.took()))
                .field("extra", result.extra())
                .field("failures", failures(result.failures()))
                .line(String.format(
                        Locale.ROOT,
                        "restored %d files, %s, in %.2f s",
                        result.files(),
                        ByteSizes.text(result.bytes().written()),
                        BackupAnswer.seconds(result.took())));
        if (result.bytes().reused() > 0) {
            answer.line(ByteSizes.text(result.bytes().reused()) + " were there already");
        }
        if (result.extra() > 0) {
            answer.line(result.extra() + " entries that the restore point does not have were left alone");
        }
        result.failures().stream()
                .limit(SHOWN)
                .forEach(failure -> answer.line(
                        "not restored: " + failure.path() + " (" + failure.attribute() + "): " + failure.message()));
        if (result.failureCount() > SHOWN) {
            answer.line("and " + (result.failureCount() - SHOWN) + " more");
        }
        if (result.damaged()) {
            return answer.ending(
                    ExitCode.DAMAGE,
                    ErrorCode.OBJECT_DAMAGED,
                    result.failureCount() + " things could not be restored, some because of damage");
        }
        return result.isComplete() ? answer : answer.incomplete();
    }

    private static Map<String, Object> bytes(RestoreResult.Bytes bytes) {
        var members = new LinkedHashMap<String, Object>();
        members.put("written", bytes.written());
        members.put("fetched", bytes.fetched());
        members.put("reused", bytes.reused());
        return members;
    }

    private static List<Map<String, Object>> failures(List<RestoreResult.Failure> failures) {
        return failures.stream()
                .map(failure -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("path", failure.path());
                    members.put("attribute", failure.attribute());
                    members.put("message", failure.message());
                    return members;
                })
                .toList();
    }
}
