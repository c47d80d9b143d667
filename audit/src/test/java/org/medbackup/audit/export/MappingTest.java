package org.medbackup.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;

/** What each entry is said to be, and the page that says it. */
class MappingTest {

    private static final Path PAGE = Path.of(System.getProperty("medbackup.root"), "docs", "audit-export.md");

    private static Told ended(String action, String outcome, @Nullable String code) {
        return new Told(Entries.ended(action, outcome, code), null);
    }

    @Test
    void actionsAreWhatHealthcareCallsThem() {
        assertThat(Actions.of("backup")).isEqualTo(Act.BACKUP);
        assertThat(Actions.of("app-restore")).isEqualTo(Act.RESTORE);
        assertThat(Actions.of("forget")).isEqualTo(Act.DESTROY);
        assertThat(Actions.of("hold-place")).isEqualTo(Act.HOLD);
        assertThat(Actions.of("audit-export")).isEqualTo(Act.LOG_READ);
    }

    @Test
    void whatNoTableKnowsIsAnActivityOfTheApplication() {
        assertThat(Actions.of("of-another-version")).isEqualTo(Act.EXECUTE);
        for (AuditFormat format : AuditFormat.values()) {
            assertThat(Entries.lines(format, Entries.operation("of-another-version", "OF_ANOTHER", "OF_ANOTHER")))
                    .hasSize(4)
                    .allMatch(each -> !each.isBlank());
        }
    }

    @Test
    void outcomesAreAsGraveAsTheyAre() {
        assertThat(ended("verify", "SUCCESS", null).gravity()).isEqualTo(Told.Gravity.NONE);
        assertThat(ended("verify", "INCOMPLETE", "FILE_VANISHED").gravity()).isEqualTo(Told.Gravity.MINOR);
        assertThat(ended("verify", "CANCELLED", "CANCELLED").gravity()).isEqualTo(Told.Gravity.MINOR);
        assertThat(ended("verify", "FINDING", "OBJECT_DAMAGED").gravity()).isEqualTo(Told.Gravity.SERIOUS);
        assertThat(ended("verify", "REFUSED", "USAGE").gravity()).isEqualTo(Told.Gravity.SERIOUS);
        assertThat(ended("verify", "FAILURE", "STATE_UNUSABLE").gravity()).isEqualTo(Told.Gravity.MAJOR);
        assertThat(new Told(Entries.recovered(), null).act()).isEqualTo(Act.ALERT);
        assertThat(new Told(Entries.recovered(), null).gravity()).isEqualTo(Told.Gravity.SERIOUS);
        assertThat(new Told(Entries.found("OBJECT_DAMAGED"), null).act()).isEqualTo(Act.ALERT);
        assertThat(new Told(Entries.found("FILE_VANISHED"), null).gravity()).isEqualTo(Told.Gravity.MINOR);
    }

    @Test
    void aStepIsToldWithWhoActsAndWhat() {
        List<String> lines = Entries.lines(AuditFormat.CEF, Entries.operation("backup", "SUCCESS", null));
        Map<String, String> phase = CefReader.read(lines.get(1)).extension();
        assertThat(phase)
                .containsEntry("suser", "j.doe")
                .containsEntry("act", "backup")
                .containsEntry("cs4", "scan");
    }

    @Test
    void theBeginningOfAnOperationIsKnownAlsoWhereItIsNotTold() {
        var export = new AuditExport(AuditFormat.CEF, Entries.ORIGIN);
        export.skip(Entries.started("backup"));
        String phase = export.line(Entries.phase());
        assertThat(CefReader.read(phase).extension()).containsEntry("suser", "j.doe");
        export.skip(Entries.ended("backup", "SUCCESS", null));
        assertThat(CefReader.read(export.line(Entries.phase())).extension()).doesNotContainKey("suser");
    }

    @Test
    void operationsThatNeverEndAreForgottenInTime() {
        var export = new AuditExport(AuditFormat.CEF, Entries.ORIGIN);
        for (int i = 0; i < 5000; i++) {
            export.skip(Entries.entry(i, "op" + i, "started", "backup", Entries.ACTOR, null, null, Map.of(), Map.of()));
        }
        assertThat(suser(export, "op4999")).isEqualTo("j.doe");
        assertThat(suser(export, "op0")).isEqualTo("none");
    }

    private static String suser(AuditExport export, String operation) {
        AuditEntry phase = Entries.entry(9999, operation, "phase", "scan", null, "SUCCESS", null, Map.of(), Map.of());
        return CefReader.read(export.line(phase)).extension().getOrDefault("suser", "none");
    }

    @Test
    void aFormatThatThereIsNotIsRefusedWithThoseThereAre() {
        assertThat(AuditFormat.of("ocsf")).isEqualTo(AuditFormat.OCSF);
        assertThatThrownBy(() -> AuditFormat.of("leef"))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.USAGE))
                .hasMessageContaining("jsonl, fhir, atna, cef, ocsf");
    }

    /** The rows of the page's table. */
    static List<String> rows() {
        List<String> rows = new ArrayList<>();
        Actions.all()
                .forEach((action, act) ->
                        rows.add("| `" + action + "` | " + act.type().code() + " "
                                + act.type().meaning() + " | "
                                + (act.lifecycle().isEmpty() ? "" : "`" + act.lifecycle() + "`") + " | "
                                + act.action() + " | " + act.ocsf().uid() + "/" + act.activity() + " |"));
        return rows;
    }

    @Test
    void thePageSaysOfEveryActionWhatItIs() throws Exception {
        List<String> written = Files.readAllLines(PAGE).stream()
                .filter(each -> each.startsWith("| `")
                        && each.chars().filter(bar -> bar == '|').count() == 6)
                .toList();
        assertThat(written).isEqualTo(rows());
    }

    @Test
    void thePageShowsLinesAsTheyAre() throws Exception {
        String page = Files.readString(PAGE);
        for (AuditFormat format : AuditFormat.values()) {
            String line = Entries.lines(format, Entries.operation("backup", "SUCCESS", null))
                    .getLast();
            assertThat(page).contains("\n" + line.replace("\ufeff", "") + "\n");
        }
    }
}
