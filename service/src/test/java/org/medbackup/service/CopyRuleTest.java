package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.scheduler.state.CataloguedPoint.Proof;
import org.medbackup.service.config.TargetPlace;

/** Each part of the rule 3-2-1-1-0, by what is missing of it. */
class CopyRuleTest {

    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final TargetPlace DISK = new TargetPlace("disk", "");
    private static final TargetPlace ELSEWHERE = new TargetPlace("object", "east");

    private static Proof proof(VerifyLevel level, boolean whole) {
        return new Proof(NOW, level.name(), whole);
    }

    private static CopyRule.Place place(TargetPlace where, boolean locked, @Nullable Proof proof) {
        return new CopyRule.Place("any", where, locked ? Optional.of(NOW) : Optional.empty(), proof);
    }

    private static CopyRule of(CopyRule.Place... places) {
        return new CopyRule("ward", "ab".repeat(16), NOW, List.of(places));
    }

    @Test
    void threeCopiesOnTwoMediaOneElsewhereOneLockedAndAllReadMeetIt() {
        CopyRule rule = of(
                place(DISK, false, proof(VerifyLevel.CIPHERTEXT, true)),
                place(ELSEWHERE, true, proof(VerifyLevel.RESTORE, true)));

        assertThat(rule.missing()).isEmpty();
        assertThat(rule.isMet()).isTrue();
        assertThat(rule.copies()).isEqualTo(3);
    }

    @Test
    void whatIsMissingIsNamed() {
        Proof read = proof(VerifyLevel.CONTENT, true);

        assertThat(of().missing()).containsExactly(CopyRule.Part.values());
        assertThat(of(place(ELSEWHERE, true, read)).missing()).containsExactly(CopyRule.Part.COPIES);
        assertThat(of(place(DISK, true, read), place(new TargetPlace("disk", "east"), true, read))
                        .missing())
                .containsExactly(CopyRule.Part.MEDIA);
        assertThat(of(place(DISK, true, read), place(new TargetPlace("tape", ""), true, read))
                        .missing())
                .containsExactly(CopyRule.Part.OFF_SITE);
        assertThat(of(place(DISK, false, read), place(ELSEWHERE, false, read)).missing())
                .containsExactly(CopyRule.Part.IMMUTABLE);
    }

    @Test
    void aCopyThatWasNotReadOrFoundDamagedIsNotVerified() {
        Proof read = proof(VerifyLevel.CONTENT, true);

        for (Proof weak : List.of(proof(VerifyLevel.STRUCTURE, true), proof(VerifyLevel.CONTENT, false))) {
            assertThat(of(place(DISK, true, read), place(ELSEWHERE, true, weak)).missing())
                    .containsExactly(CopyRule.Part.VERIFIED);
        }
        assertThat(of(place(DISK, true, null), place(ELSEWHERE, true, read)).missing())
                .containsExactly(CopyRule.Part.VERIFIED);
    }

    @Test
    void whereNobodySaysItTheLocationTellsTheMedia() {
        assertThat(TargetPlace.of("/srv/backup")).isEqualTo(DISK);
        assertThat(TargetPlace.of("sftp://a@b/c").media()).isEqualTo("disk");
        assertThat(TargetPlace.of("s3://bucket/ward").media()).isEqualTo("object");
        assertThat(TargetPlace.of("azure://account/container").media()).isEqualTo("object");
        assertThat(TargetPlace.of("gs://bucket").media()).isEqualTo("object");
        assertThat(TargetPlace.of("hsm:///archive").media()).isEqualTo("tape");
        assertThat(TargetPlace.of("/srv").isOffSite()).isFalse();
    }
}
