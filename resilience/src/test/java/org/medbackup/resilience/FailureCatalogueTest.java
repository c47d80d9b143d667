package org.medbackup.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;

class FailureCatalogueTest {

    private final FailureCatalogue catalogue = FailureCatalogue.builtIn();

    private String idOf(ErrorCode code, String stage, String... context) {
        var failure = code.because("it failed");
        for (int i = 0; i < context.length; i += 2) {
            failure.with(context[i], context[i + 1]);
        }
        return catalogue.classify(failure, stage).id();
    }

    @Test
    void whatSaysMoreOfAFailureTellsItFromOthersOfItsCode() {
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "backup")).isEqualTo("store-silent");
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "backup", "http", "503")).isEqualTo("store-slow-down");
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "backup", "http", "504")).isEqualTo("store-bad-gateway");
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "backup", "cause", "UnknownHostException"))
                .isEqualTo("name-not-resolved");
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "copy", "cause", "CertificateExpiredException"))
                .isEqualTo("certificate-expired");
        assertThat(idOf(ErrorCode.HOST_KEY_CHANGED, "backup")).isEqualTo("certificate-untrusted");
        for (String said : List.of("ExpiredToken", "authError")) {
            assertThat(idOf(ErrorCode.STORE_DENIED, "backup", "said", said)).isEqualTo("store-token-expired");
        }
        assertThat(idOf(ErrorCode.STORE_DENIED, "backup", "cause", "not create-only"))
                .isEqualTo("store-denied");
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "copy", "reason", "Stale file handle"))
                .isEqualTo("mount-stale");
        assertThat(idOf(ErrorCode.NO_SPACE, "backup")).isEqualTo("target-full");
        assertThat(idOf(ErrorCode.NO_SPACE, "backup", "http", "507")).isEqualTo("target-quota");
        assertThat(idOf(ErrorCode.OBJECT_DAMAGED, "backup")).isEqualTo("upload-damaged");
        assertThat(idOf(ErrorCode.OBJECT_DAMAGED, "verify")).isEqualTo("object-damaged");
    }

    @Test
    void whatItSaysBesideThatDoesNotMatter() {
        assertThat(idOf(ErrorCode.STORE_UNAVAILABLE, "backup", "http", "503", "object", "d/12", "store", "s3://b"))
                .isEqualTo("store-slow-down");
    }

    /** The codes of what is met in a job; the others are of calls that no job makes, or are found and not thrown. */
    @Test
    void everyCodeThatCanEndAStageHasAnEntry() {
        Set<ErrorCode> none = EnumSet.noneOf(ErrorCode.class);
        for (ErrorCode code : ErrorCode.values()) {
            if (idOf(code, "backup").equals(FailureCatalogue.UNKNOWN)) {
                none.add(code);
            }
        }
        assertThat(none)
                .containsExactlyInAnyOrder(
                        ErrorCode.INVALID_LIMIT,
                        ErrorCode.OBJECTIVE_MISSED,
                        ErrorCode.PLAN_OBSTRUCTED,
                        ErrorCode.SANDBOX_UNAVAILABLE,
                        ErrorCode.COPIES_INSUFFICIENT,
                        ErrorCode.RECALL_TOO_SLOW,
                        ErrorCode.RECALL_TOO_DEAR,
                        ErrorCode.INVALID_SIGNAL,
                        ErrorCode.CHANNEL_INVALID,
                        ErrorCode.CONTROL_INVALID,
                        ErrorCode.CONTROL_REQUEST_INVALID,
                        ErrorCode.CONTROL_CONFLICT,
                        ErrorCode.CONTROL_DENIED,
                        ErrorCode.CONTROL_BUSY,
                        ErrorCode.RUN_NOT_FOUND,
                        ErrorCode.INCIDENT_NOT_FOUND,
                        ErrorCode.CERTIFICATE_ENDS,
                        ErrorCode.PROGRAM_STALLED,
                        ErrorCode.NOTHING_RUNNING,
                        ErrorCode.LIMIT_VIOLATED,
                        ErrorCode.JOB_NOT_CONFIGURED,
                        // Of the scheduler, outside of a job's stages.
                        ErrorCode.JOB_RULES_INVALID,
                        ErrorCode.CONDITION_INVALID,
                        ErrorCode.POLICY_INVALID,
                        ErrorCode.POLICY_CONFLICTS,
                        ErrorCode.POLICY_SIGNERS_MISSING,
                        ErrorCode.POLICY_WEAKER,
                        ErrorCode.POLICY_OUTDATED,
                        ErrorCode.POLICY_NOT_SIMULATED,
                        ErrorCode.ACCESS_INVALID,
                        ErrorCode.ACCESS_OUTDATED,
                        ErrorCode.APPROVAL_NOT_FOUND,
                        ErrorCode.APPROVAL_REFUSED,
                        ErrorCode.IDENTITY_UNPROVEN,
                        ErrorCode.PURPOSE_MISSING,
                        ErrorCode.BREAK_GLASS_USED,
                        ErrorCode.BREAK_GLASS_UNREVIEWED,
                        ErrorCode.STATE_DATABASE_NEWER,
                        ErrorCode.CLOCK_WAS_AHEAD,
                        ErrorCode.RUN_PUT_OFF,
                        ErrorCode.STATE_DATABASE_DAMAGED,
                        ErrorCode.STATE_DATABASE_UNAVAILABLE,
                        ErrorCode.RPO_AT_RISK,
                        ErrorCode.RPO_MISSED,
                        ErrorCode.NO_GOOD_BACKUP,
                        ErrorCode.AUDIT_NOT_SENT,
                        ErrorCode.DRILL_OVERDUE,
                        ErrorCode.DRILL_TOO_LONG,
                        ErrorCode.DRILL_LEFT_TRACES,
                        ErrorCode.NO_REPOSITORY_GIVEN,
                        ErrorCode.REPOSITORY_EXISTS,
                        ErrorCode.SITE_EXISTS,
                        ErrorCode.TARGET_UNUSABLE,
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        ErrorCode.SNAPSHOT_AMBIGUOUS,
                        ErrorCode.PATH_NOT_IN_SNAPSHOT,
                        ErrorCode.AUDIT_DAMAGED,
                        ErrorCode.AUDIT_TIMESTAMP_FAILED,
                        ErrorCode.EVIDENCE_CHANGED,
                        ErrorCode.CONTROL_NOT_MET,
                        ErrorCode.SIGNAL_LOST,
                        ErrorCode.NOTIFICATION_UNDELIVERED,
                        ErrorCode.NOTIFICATION_REFUSED,
                        ErrorCode.LOG_INCOMPLETE,
                        ErrorCode.LOG_FILE_ABSENT,
                        ErrorCode.RECOVERY_TARGET_UNREACHABLE,
                        ErrorCode.FILE_CHANGED,
                        ErrorCode.FILE_VANISHED,
                        ErrorCode.ATTRIBUTE_NOT_SET,
                        ErrorCode.WINDOW_AT_RISK,
                        ErrorCode.IMPACT_BOUND_MISSED,
                        ErrorCode.CANCELLED);
    }

    @Test
    void whatNobodyKnowsIsTriedTwiceAndThenToldToAPerson() {
        Failure unknown = catalogue.classify(ErrorCode.SNAPSHOT_AMBIGUOUS.because("it is"), "backup");

        assertThat(unknown.id()).isEqualTo(FailureCatalogue.UNKNOWN);
        assertThat(unknown.action(0, Set.of(Action.RETRY))).isEqualTo(Action.RETRY);
        assertThat(unknown.action(1, Set.of(Action.RETRY))).isEqualTo(Action.RETRY);
        assertThat(unknown.action(2, Set.of(Action.RETRY))).isEqualTo(Action.STOP);
    }

    @Test
    void whatCannotBeDoneIsPassedOver() {
        Failure full = catalogue.of("target-full");

        assertThat(full.action(0, EnumSet.allOf(Action.class))).isEqualTo(Action.FREE_SPACE);
        assertThat(full.action(1, EnumSet.allOf(Action.class))).isEqualTo(Action.SPILL);
        assertThat(full.action(2, EnumSet.allOf(Action.class))).isEqualTo(Action.RETRY);
        assertThat(full.action(0, EnumSet.of(Action.RETRY))).isEqualTo(Action.RETRY);
        assertThat(full.action(3, EnumSet.of(Action.RETRY))).isEqualTo(Action.STOP);
    }

    @Test
    void whatIsWrittenForPeopleIsThere() {
        var titles = new TreeSet<String>();
        for (Failure each : catalogue.all()) {
            assertThat(each.title()).doesNotEndWith(".");
            assertThat(titles.add(each.title())).as(each.title()).isTrue();
            assertThat(each.remedy()).as(each.id()).endsWith(".").hasSizeBetween(20, 160);
        }
    }

    @Test
    void aCatalogueThatContradictsItselfIsRefused() {
        String row = """
                  - id: %s
                    title: "Something that is long enough"
                    area: storage
                    nature: transient
                    common: true
                    signs: []
                    plan: [%s]
                    ends: automatic
                    severity: error
                    remedy: "Do something about it."
                """;
        String known = "failures:\n" + row.formatted("unknown", "retry 2, stop");
        assertThat(FailureCatalogue.parse(known).all()).hasSize(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailureCatalogue.parse(known + row.formatted("unknown", "stop")))
                .withMessageContaining("two failures");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailureCatalogue.parse("failures:\n" + row.formatted("one", "stop")))
                .withMessageContaining("unknown");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailureCatalogue.parse(known + row.formatted("one", "retry 2")))
                .withMessageContaining("no end");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailureCatalogue.parse(known + row.formatted("one", "pray, stop")))
                .withMessageContaining("/failures/1/plan/0");
        assertThatIllegalArgumentException().isThrownBy(() -> catalogue.of("two"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Step(Action.RETRY, 0));
    }

    @Test
    void aFailureOfWhichNoStageHearsHasNeitherSignsNorAPlan() {
        String row = """
                failures:
                  - id: unknown
                    title: "Something that is long enough"
                    area: storage
                    nature: transient
                    common: true
                    mended: in-place
                %s    ends: automatic
                    severity: error
                    remedy: "Do something about it."
                """;

        Failure heardOfByNobody =
                FailureCatalogue.parse(row.formatted("")).all().getFirst();

        assertThat(heardOfByNobody.mending()).isEqualTo(Mending.IN_PLACE);
        assertThat(heardOfByNobody.action(0, EnumSet.allOf(Action.class))).isEqualTo(Action.STOP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailureCatalogue.parse(row.formatted("    plan: [stop]\n")))
                .withMessageContaining("no stage hears");
    }

    @Test
    void anActionThatIsSwitchedOffIsNeverTaken() {
        FailureCatalogue without = catalogue.without(Action.SPILL);

        for (Failure each : without.all()) {
            for (int met = 0; met < 30; met++) {
                assertThat(each.action(met, EnumSet.allOf(Action.class))).isNotEqualTo(Action.SPILL);
            }
        }
        assertThat(without.all()).hasSameSizeAs(catalogue.all());
        assertThatIllegalArgumentException().isThrownBy(() -> catalogue.without(Action.STOP));
    }

    @Test
    void aFullStateFolderIsToldFromAFullTarget() {
        assertThat(catalogue
                        .classify(ErrorCode.NO_SPACE.because("full").with("device", "state"), "backup")
                        .id())
                .isEqualTo("state-full");
        assertThat(catalogue
                        .classify(ErrorCode.NO_SPACE.because("full"), "backup")
                        .id())
                .isEqualTo("target-full");
    }
}
