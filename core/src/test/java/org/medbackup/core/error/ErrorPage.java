package org.medbackup.core.error;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Writes {@code docs/errors.md} from the catalogue, so that the page cannot say anything else than the program. */
public final class ErrorPage {

    private static final String HEAD = """
            # Errors

            Every failure carries a code, what happened, and what to do. With `--json` they are `error.code`, \
            `error.message` and `error.remedy`; a Java caller reads them from `BackupException`. A code keeps its name \
            and its meaning, so scripts may compare it. No message holds the name of a file, a patient's data or a \
            secret.

            The kind of a failure decides the exit code; `RECALL_TOO_SLOW` alone ends with 6, since an objective was missed. A code can also stand beside a single file, in `errors[]` of \
            a backup: everything else was done then, and the exit code is 3.

            This page is generated from `ErrorCode`; a test compares them.
            """;

    private record Section(String title, String exitCode, String meaning) {}

    private static final Map<ErrorCode.Kind, Section> SECTIONS = new EnumMap<>(Map.of(
            ErrorCode.Kind.USAGE,
            new Section(
                    "The call or the configuration is wrong", "2", "Nothing was started. Mend the call and run again."),
            ErrorCode.Kind.REFUSED,
            new Section("Not allowed", "4", "Nothing was done. Ask somebody who may allow it."),
            ErrorCode.Kind.DAMAGE,
            new Section("Damage", "5", "Something stored or restored is not what it must be. Keep it as evidence."),
            ErrorCode.Kind.CAPACITY,
            new Section("Something is used up", "1", "Free it or raise its limit, then run again."),
            ErrorCode.Kind.UNAVAILABLE,
            new Section("Another system does not answer", "1", "Run again when it does; what was stored counts."),
            ErrorCode.Kind.APPLICATION,
            new Section("The application", "1", "The application does not do what a consistent backup needs."),
            ErrorCode.Kind.FAILED,
            new Section("Other failures", "1", "Nothing that was committed before is harmed."),
            ErrorCode.Kind.CANCELLED,
            new Section("Ended on request", "130 or 143", "By SIGINT or SIGTERM, after a clean stop.")));

    private ErrorPage() {}

    /** Writes the page to the file that is named. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), text());
    }

    static String text() {
        var page = new StringBuilder(HEAD);
        for (ErrorCode.Kind kind : ErrorCode.Kind.values()) {
            section(page, kind);
        }
        return page.toString();
    }

    private static void section(StringBuilder page, ErrorCode.Kind kind) {
        Section section = SECTIONS.get(kind);
        if (section == null) {
            throw new IllegalStateException("the page has no section for " + kind);
        }
        page.append("\n## ").append(section.title()).append("\n\n");
        page.append("Exit code ").append(section.exitCode()).append(". ");
        page.append(section.meaning()).append("\n\n");
        page.append("| code | what happened | what to do |\n|---|---|---|\n");
        for (ErrorCode code : codes(kind)) {
            page.append("| <a id=\"")
                    .append(code)
                    .append("\"></a>`")
                    .append(code)
                    .append("` | ");
            page.append(cell(code.title())).append(" | ");
            page.append(cell(code.remedy())).append(" |\n");
        }
    }

    private static List<ErrorCode> codes(ErrorCode.Kind kind) {
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.kind() == kind)
                .toList();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }
}
