package org.medbackup.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.core.error.UsageException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;

/** The controls are data: each says where it stands, what it asks for, what shows it and how far that was confirmed. */
class ProfilesTest {

    static Stream<String> names() {
        return Profile.known().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aProfileKeepsTheSchemaAndNamesEachControlOnce(String name) {
        assertThat(JsonSchema.parse(Profile.resource("profile.schema.json"))
                        .check(Json.parse(Profile.resource("controls/" + name + ".json"))))
                .isEmpty();
        Profile profile = Profile.of(name);

        assertThat(profile.id()).isEqualTo(name);
        assertThat(profile.version()).isNotBlank();
        assertThat(profile.notice()).contains("Counsel confirms");
        Set<String> ids = new HashSet<>();
        assertThat(profile.controls()).allSatisfy(control -> {
            assertThat(ids.add(control.id())).isTrue();
            assertThat(control.citation()).isNotBlank();
            assertThat(control.asks()).isNotBlank();
            assertThat(control.evidence()).isNotEmpty();
            assertThat(control.mark().words()).isNotBlank();
            assertThat(control.asksMark()).isNotNull();
        });
    }

    @Test
    void theSecurityRuleSaysWhatIsRequiredAndMapsToTheOthers() {
        Profile hipaa = Profile.of("hipaa");

        assertThat(hipaa.inForce()).isTrue();
        assertThat(hipaa.controls()).extracting(Control::id).contains("164.308(a)(7)(ii)(A)", "164.312(b)", "164.528");
        Control plan = hipaa.controls().stream()
                .filter(each -> each.id().equals("164.308(a)(7)(ii)(A)"))
                .findFirst()
                .orElseThrow();
        assertThat(plan.need()).isEqualTo(Control.Need.REQUIRED);
        // What the audit protocol looks for was read there; the citation is well known and was not read again.
        assertThat(plan.mark()).isEqualTo(Control.Mark.K);
        assertThat(plan.asksMark()).isEqualTo(Control.Mark.S);
        assertThat(plan.mappings()).containsKeys("nist-800-53", "nist-800-66", "hicp");
        assertThat(plan.mappings().getOrDefault("nist-800-53", List.of())).contains("CP-9");
        assertThat(hipaa.controls())
                .filteredOn(each -> each.need() == Control.Need.ADDRESSABLE)
                .isNotEmpty();
    }

    @Test
    void aProposalIsNeverShownAsLaw() {
        Profile proposal = Profile.of("hipaa-nprm-2025");

        assertThat(proposal.inForce()).isFalse();
        assertThat(proposal.title()).startsWith("PROPOSAL, NOT LAW");
        assertThat(proposal.notice()).contains("PROPOSAL", "not law");
        assertThat(proposal.controls()).allSatisfy(control -> {
            assertThat(control.citation()).contains("proposed, not law");
            assertThat(control.title()).startsWith("Proposed: ");
            assertThat(control.asks()).startsWith("Proposal, not law");
            assertThat(control.mark()).isEqualTo(Control.Mark.U);
        });
    }

    @Test
    void aProfileThatThereIsNotIsRefusedWithThoseThatThereAre() {
        assertThatThrownBy(() -> Profile.of("sox"))
                .isInstanceOfSatisfying(
                        UsageException.class,
                        refused -> assertThat(refused.describe()).contains("hipaa", "nist-800-53", "hicp"));
        assertThatThrownBy(() -> Profile.resource("none")).isInstanceOf(IllegalStateException.class);
    }
}
