package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.app.postgresql.WalRanges.Range;

class WalRangesTest {

    private static final String HISTORY = "1\t0/5000\tno recovery target specified\n\n2\t0/8000\tagain\n";

    private static List<Range> between(int timeline, String started, String stopped, int now, String history) {
        return WalRanges.between(timeline, Lsn.parse(started), Lsn.parse(stopped), now, Lsn.parse("0/9000"), history)
                .ranges();
    }

    @Test
    void onOneTimelineTheWayIsOneRange() {
        assertThat(between(1, "0/1000", "0/2000", 1, ""))
                .containsExactly(new Range(1, Lsn.parse("0/1000"), Lsn.parse("0/9000")));
    }

    @Test
    void acrossPromotionsTheWayFollowsTheHistory() {
        assertThat(between(1, "0/1000", "0/2000", 3, HISTORY))
                .containsExactly(
                        new Range(1, Lsn.parse("0/1000"), Lsn.parse("0/5000")),
                        new Range(2, Lsn.parse("0/5000"), Lsn.parse("0/8000")),
                        new Range(3, Lsn.parse("0/8000"), Lsn.parse("0/9000")));
    }

    @Test
    void aBackupThatEndedOnABranchGivenUpIsNotOnTheWay() {
        assertThat(between(1, "0/1000", "0/5001", 3, HISTORY)).isEmpty();
        assertThat(between(1, "0/6000", "0/7000", 3, HISTORY)).isEmpty();
    }

    @Test
    void aNewerTimelineIsNotOnTheWayToAnOlderOne() {
        assertThat(between(2, "0/1000", "0/2000", 1, "")).isEmpty();
        assertThat(between(1, "0/9001", "0/9002", 1, "")).isEmpty();
        assertThat(between(1, "0/8000", "0/9002", 1, "")).isEmpty();
    }
}
