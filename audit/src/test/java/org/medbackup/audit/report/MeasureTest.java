package org.medbackup.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.merkle.TreeHead;
import org.medbackup.core.error.UsageException;

/** Nothing is green of which nothing was examined, or that nothing shows. */
class MeasureTest {

    private static final Period MONTH = Period.parse("2027-01-01/2027-01-31");

    private static Basis basis(long stated) {
        return new Basis(
                MONTH, TreeHead.EMPTY, MONTH.from().plusSeconds(60), "key", 1, -1, Instant.EPOCH, stated, "test");
    }

    private static Measure met(String kind) {
        return Measure.examined(kind, "m", "all", "1 of 1", 1, List.of(), List.of(1L));
    }

    private static Measure failed(String kind) {
        return Measure.examined(kind, "m", "all", "0 of 1", 1, List.of("x"), List.of(1L));
    }

    @Test
    void nothingIsMetWithoutPopulationAndEntries() {
        assertThatThrownBy(() -> new Measure("k", ControlStatus.MET, "", "", "", 0, 0, List.of(), List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Measure("k", ControlStatus.MET, "", "", "", 1, 1, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Measure("k", ControlStatus.MET, "", "", "", 1, 0, List.of(), List.of(1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Measure("k", ControlStatus.PARTIAL, "", "", "", 1, 2, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        new Measure("k", ControlStatus.ADDRESSABLE_ALTERNATIVE, "", "", "", 1, 1, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever is measured: a control that is met has only measures with members and entries. */
    @Test
    void noControlIsGreenWithoutSomethingThatShowsItSeed41() {
        var random = new SplittableRandom(41);
        Profile profile = Profile.of("hipaa");
        List<String> kinds = profile.controls().stream()
                .flatMap(each -> each.evidence().stream())
                .distinct()
                .toList();
        for (int round = 0; round < 500; round++) {
            Map<String, Measure> measures = new HashMap<>();
            for (String kind : kinds) {
                long population = random.nextInt(3);
                List<String> exceptions = random.nextBoolean() ? List.of() : List.of("x");
                List<Long> entries = random.nextBoolean() ? List.of() : List.of((long) random.nextInt(9));
                switch (random.nextInt(4)) {
                    case 0 -> measures.put(kind, Measure.notAssessed(kind, "", ""));
                    case 1 -> measures.put(kind, Measure.notApplicable(kind, "", ""));
                    case 2 -> {}
                    default -> measures.put(kind, Measure.examined(kind, "", "", "", population, exceptions, entries));
                }
            }
            for (Assessment.Outcome each :
                    Assessment.of(profile, measures, Statements.NONE, basis(-1)).controls()) {
                if (each.status() == ControlStatus.MET) {
                    assertThat(each.measures())
                            .filteredOn(one -> one.status() != ControlStatus.NOT_APPLICABLE)
                            .isNotEmpty()
                            .allMatch(one -> one.population() > 0
                                    && !one.entries().isEmpty()
                                    && one.exceptions().isEmpty());
                    assertThat(each.control().part()).isFalse();
                }
            }
        }
    }

    @Test
    void whatIsExaminedIsMetNotMetOrNotKnown() {
        assertThat(met("k").status()).isEqualTo(ControlStatus.MET);
        assertThat(failed("k").status()).isEqualTo(ControlStatus.NOT_MET);
        assertThat(Measure.examined("k", "", "", "", 0, List.of(), List.of(1L)).status())
                .isEqualTo(ControlStatus.NOT_ASSESSED);
        assertThat(Measure.examined("k", "", "", "", 1, List.of(), List.of()).status())
                .isEqualTo(ControlStatus.NOT_ASSESSED);
    }

    @Test
    void manyExceptionsAndEntriesAreShortened() {
        Measure many = Measure.examined(
                "k",
                "",
                "",
                "",
                100,
                IntStream.range(0, 60).mapToObj(each -> "x" + each).toList(),
                LongStream.range(0, 60).boxed().toList());

        assertThat(many.exceptions()).hasSize(51).endsWith("and 10 more");
        assertThat(many.entries()).hasSize(8).startsWith(0L);
    }

    @Test
    void aControlIsAsGoodAsWhatShowsIt() {
        var met = ControlStatus.MET;
        var not = ControlStatus.NOT_MET;
        var unknown = ControlStatus.NOT_ASSESSED;
        var none = ControlStatus.NOT_APPLICABLE;
        assertThat(ControlStatus.of(List.of())).isEqualTo(unknown);
        assertThat(ControlStatus.of(List.of(none, none))).isEqualTo(none);
        assertThat(ControlStatus.of(List.of(met, none))).isEqualTo(met);
        assertThat(ControlStatus.of(List.of(met, unknown))).isEqualTo(ControlStatus.PARTIAL);
        assertThat(ControlStatus.of(List.of(met, not))).isEqualTo(not);
        assertThat(ControlStatus.of(List.of(unknown, unknown))).isEqualTo(unknown);
        assertThat(ControlStatus.of(List.of(ControlStatus.PARTIAL))).isEqualTo(ControlStatus.PARTIAL);
    }

    @Test
    void anAlternativeCountsWhereItIsDocumentedOnRecordInForceAndAllowed() {
        Statements stated = statements("""
                alternatives:
                  - {control: 164.312(a)(2)(iv), alternative: a, reason: b, owner: c, expires: 2027-12-31}
                  - {control: 164.312(b), alternative: a, reason: b, owner: c, expires: 2027-12-31}
                  - {control: 164.312(c)(2), alternative: a, reason: b, owner: c, expires: 2026-12-31}
                """);

        assertThat(status(stated, 3, "164.312(a)(2)(iv)")).isEqualTo(ControlStatus.ADDRESSABLE_ALTERNATIVE);
        // Not on record.
        assertThat(status(stated, -1, "164.312(a)(2)(iv)")).isEqualTo(ControlStatus.NOT_MET);
        // Required, and expired.
        assertThat(status(stated, 3, "164.312(b)")).isEqualTo(ControlStatus.NOT_ASSESSED);
        assertThat(status(stated, 3, "164.312(c)(2)")).isEqualTo(ControlStatus.NOT_ASSESSED);
    }

    private static ControlStatus status(Statements stated, long entry, String control) {
        return Assessment.of(Profile.of("hipaa"), Map.of("encryption", failed("encryption")), stated, basis(entry))
                .controls()
                .stream()
                .filter(each -> each.control().id().equals(control))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private static Statements statements(String text) {
        Statements read = Statements.read(text).statements();
        assertThat(read).isNotNull();
        return read == null ? Statements.NONE : read;
    }

    @Test
    void aPeriodHasWholeDaysOrInstants() {
        assertThat(MONTH.from()).isEqualTo("2027-01-01T00:00:00Z");
        assertThat(MONTH.to()).isEqualTo("2027-02-01T00:00:00Z");
        assertThat(MONTH.contains(Instant.parse("2027-01-31T23:59:59Z"))).isTrue();
        assertThat(MONTH.contains(MONTH.to())).isFalse();
        assertThat(MONTH.contains(MONTH.from().minusNanos(1))).isFalse();
        assertThat(Period.parse("2027-01-01T10:00:00Z/2027-01-01T11:00:00Z").to())
                .isEqualTo("2027-01-01T11:00:00Z");
        for (String wrong :
                List.of("", "2027-01-01", "2027-01-32/2027-02-01", "2027-02-01/2027-01-01", "a/b", "a/b/c")) {
            assertThatThrownBy(() -> Period.parse(wrong)).as(wrong).isInstanceOf(UsageException.class);
        }
    }

    @Test
    void aReportStandsAsOfItsPeriodsEndOrOfWhatIsKnown() {
        assertThat(basis(-1).end()).isEqualTo(MONTH.from().plusSeconds(60));
        var later = new Basis(MONTH, TreeHead.EMPTY, MONTH.to().plusSeconds(60), "k", 1, -1, Instant.EPOCH, -1, "t");
        assertThat(later.end()).isEqualTo(MONTH.to());
    }
}
