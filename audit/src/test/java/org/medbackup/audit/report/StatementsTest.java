package org.medbackup.audit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.report.Statements.Fault;

/** What a site states is read as its configuration is: what is wrong with it is named with its line. */
class StatementsTest {

    private static final String ALL = """
            entity: General Hospital
            own: [minio]
            associates:
              - {name: Cloud, targets: [away], agreement: 2026-01-01, expires: 2026-12-31, regions: [east]}
              - {name: Courier, targets: []}
            alternatives:
              - {control: 164.312(e)(2)(ii), alternative: a line, reason: b, owner: c, expires: 2027-12-31}
            waivers:
              - {control: 164.312(b), owner: anne, reason: later, expires: 2027-06-30}
            reviews:
              - {from: 2027-01-01, to: 2027-01-31, reviewer: anne, on: 2027-02-01, findings: none}
            drills:
              - {drill: 00112233445566aa, reviewer: bert, on: 2027-01-20}
            applications:
              - {source: a, tier: 0, class: PHI, rpo: 30 s, rto: 90 min, approver: anne}
              - {source: b, tier: 1, class: INTERNAL, rpo: 5 m, rto: 4 h, needs: [a], approver: anne}
              - {source: c, tier: 2, class: PUBLIC, rpo: 2d, approver: anne}
            """;

    private static Statements read(String text) {
        Statements.Reading reading = Statements.read(text);
        assertThat(reading.faults()).isEmpty();
        return Objects.requireNonNull(reading.statements());
    }

    @Test
    void aWholeFileIsRead() {
        Statements all = read(ALL);

        assertThat(all.entity()).isEqualTo("General Hospital");
        assertThat(all.own()).containsExactly("minio");
        assertThat(all.sha256()).matches("[0-9a-f]{64}");
        assertThat(all.applications())
                .extracting(Statements.Criticality::rpo)
                .containsExactly(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofDays(2));
        assertThat(all.applications().getFirst().rto()).isEqualTo(Duration.ofMinutes(90));
        assertThat(all.applications().get(1).rto()).isEqualTo(Duration.ofHours(4));
        assertThat(all.applications().getLast().rto()).isNull();
        assertThat(all.drills().getFirst().actions()).isEmpty();
        assertThat(read("").waivers()).isEmpty();
    }

    @Test
    void aContractHoldsFromItsDayToItsLast() {
        Statements.Associate cloud = read(ALL).associates().getFirst();
        assertThat(cloud.isBound(Instant.parse("2025-12-31T23:00:00Z"))).isFalse();
        assertThat(cloud.isBound(Instant.parse("2026-01-01T00:00:00Z"))).isTrue();
        assertThat(cloud.isBound(Instant.parse("2026-12-31T23:00:00Z"))).isTrue();
        assertThat(cloud.isBound(Instant.parse("2027-01-01T00:00:00Z"))).isFalse();
        assertThat(read(ALL).associates().getLast().isBound(Instant.parse("2026-06-01T00:00:00Z")))
                .isFalse();
        assertThat(read("associates: [{name: a, targets: [], agreement: 2026-01-01}]")
                        .associates()
                        .getFirst()
                        .isBound(Instant.parse("2036-06-01T00:00:00Z")))
                .isTrue();
    }

    @Test
    void whatIsWrongIsNamedWithItsLine() {
        assertThat(faults("entity: x\nwaivers:\n  - {control: 164.312(b), owner: a, reason: b}\n"))
                .singleElement()
                .satisfies(fault -> {
                    assertThat(fault.line()).isEqualTo(3);
                    assertThat(fault.message()).contains("expires is missing");
                });
        assertThat(faults("entity: x\nnobody: y\n")).extracting(Fault::line).containsExactly(2);
        assertThat(faults("entity: [x\n")).hasSize(1);
        assertThat(faults("- x\n")).isNotEmpty();
        assertThat(faults("waivers:\n  - {control: 164.999(a), owner: a, reason: b, expires: 2027-02-31}\n"))
                .extracting(Fault::message)
                .containsExactlyInAnyOrder("no profile has this control", "there is no such day");
    }

    private static List<Fault> faults(String text) {
        Statements.Reading reading = Statements.read(text);
        assertThat(reading.statements()).isNull();
        return reading.faults();
    }
}
