package org.medbackup.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.medbackup.access.Approval.Signature;
import org.medbackup.access.Approval.State;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.access.ProtectedAct;

class ApprovalTest {

    private static final AccessRules RULES = AccessRules.parse(Rules.TEXT);
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant LATER = NOW.plus(Duration.ofHours(25));
    private static final ProtectedAct ACT =
            new ProtectedAct(ProtectedAct.Kind.FORGET, "ab".repeat(16), Map.of("snapshots", "cd".repeat(16)));

    private static ApprovalRequest request(String requester) {
        return ApprovalRequest.of(
                "0123456789abcdef".repeat(2), ACT, RULES.named(requester).orElseThrow(), "ticket 4711", NOW, RULES);
    }

    private static void refused(String said, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, wrong -> {
            assertThat(wrong.code()).isEqualTo(ErrorCode.APPROVAL_REFUSED);
            assertThat(wrong).hasMessageContaining(said);
        });
    }

    private static Approval signed(ApprovalRequest request) {
        return Approval.of(request)
                .and(Signature.of(request, Rules.BERT), RULES, NOW)
                .and(Signature.of(request, Rules.DORA), RULES, NOW);
    }

    @Test
    void enoughOthersSignAndItMayHappenWhenItHasCooledOffAndBeforeItEnds() {
        Approval one = Approval.of(request("anna")).and(Signature.of(request("anna"), Rules.BERT), RULES, NOW);
        Approval both = signed(request("anna"));

        assertThat(Approval.of(request("anna")).state(RULES, NOW)).isEqualTo(State.PENDING);
        assertThat(one.state(RULES, LATER)).isEqualTo(State.PENDING);
        assertThat(both.approvers(RULES)).containsExactly("bert", "dora");
        assertThat(both.state(RULES, NOW.plusSeconds(1))).isEqualTo(State.COOLING);
        assertThat(both.state(RULES, LATER)).isEqualTo(State.READY);
        assertThat(both.state(RULES, NOW.plus(Duration.ofDays(7)))).isEqualTo(State.EXPIRED);
        assertThat(both.state(RULES, NOW.minusSeconds(1)))
                .as("a clock that was set back")
                .isEqualTo(State.EXPIRED);
    }

    @Test
    void theSameSignatureTwiceIsOne() {
        ApprovalRequest request = request("anna");
        Approval twice = Approval.of(request)
                .and(Signature.of(request, Rules.BERT), RULES, NOW)
                .and(Signature.of(request, Rules.BERT), RULES, NOW);

        assertThat(twice.signatures()).hasSize(1);
        assertThat(twice.state(RULES, LATER)).isEqualTo(State.PENDING);
    }

    @Test
    void nobodyApprovesWhatHeRequestsAndOnlyApproversApprove() {
        ApprovalRequest hers = request("bert");

        refused("nobody approves", () -> Approval.of(hers).and(Signature.of(hers, Rules.BERT), RULES, NOW));
        refused("anna is no approver", () -> Approval.of(hers).and(Signature.of(hers, Rules.ANNA), RULES, NOW));
        refused("nobody in the rules", () -> Approval.of(hers).and(Signature.of(hers, Rules.EVE), RULES, NOW));
    }

    @Test
    void aSignatureIsOfOneRequestToTheLetter() {
        ApprovalRequest one = request("anna");
        ProtectedAct more = new ProtectedAct(
                ProtectedAct.Kind.FORGET,
                "ab".repeat(16),
                Map.of("snapshots", "cd".repeat(16) + "," + "ef".repeat(16)));
        ApprovalRequest other =
                ApprovalRequest.of(one.id(), more, RULES.named("anna").orElseThrow(), "ticket 4711", NOW, RULES);

        refused("not one of this request", () -> Approval.of(other).and(Signature.of(one, Rules.BERT), RULES, NOW));
        refused(
                "not one of this request",
                () -> Approval.of(one).and(new Signature(Rules.BERT.signer().id(), "no base64"), RULES, NOW));
        assertThat(new Approval(other, signed(one).signatures()).approvers(RULES))
                .as("parameters that were changed after the approval")
                .isEmpty();
        assertThat(one.isOf(ACT)).isTrue();
        assertThat(one.isOf(more)).isFalse();
        assertThat(one.isOf(new ProtectedAct(ProtectedAct.Kind.FORGET, "", ACT.parameters())))
                .isFalse();
        assertThat(one.isOf(new ProtectedAct(ProtectedAct.Kind.EXPIRE, ACT.repository(), ACT.parameters())))
                .isFalse();
    }

    @Test
    void anApprovalEndsWithTheRulesAndWithItsTime() {
        AccessRules other = AccessRules.parse(Rules.TEXT.replace("version: 1", "version: 2"));
        Approval both = signed(request("anna"));

        assertThat(both.state(other, LATER)).isEqualTo(State.VOID);
        refused("the rules are others", () -> both.and(Signature.of(both.request(), Rules.CORA), other, LATER));
        refused(
                "has ended",
                () -> both.and(Signature.of(both.request(), Rules.CORA), RULES, NOW.plus(Duration.ofDays(8))));
    }

    @Test
    void aRequestIsReadAsItWasWritten() {
        ApprovalRequest request = request("anna");

        assertThat(ApprovalRequest.parse(request.text())).contains(request);
        assertThat(request.operation()).isEqualTo("forget");
        assertThat(request.text()).startsWith("{\"created\":\"2026-01-01T12:00:00Z\",\"expires\"");
        assertThat(ApprovalRequest.parse("{}")).isEmpty();
        assertThat(ApprovalRequest.parse("no JSON")).isEmpty();
        assertThat(ApprovalRequest.parse(request.text().replace("2026-01-01T12:00:00Z", "noon")))
                .isEmpty();
    }
}
