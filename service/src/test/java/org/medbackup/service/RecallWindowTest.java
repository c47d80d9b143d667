package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.testkit.ManualTime;

/** Packs are asked for so many at a time, and waited for. */
class RecallWindowTest {

    private static final RecallOrder ORDER =
            RecallOrder.of(Speed.BULK).inBatchesOf(3).waiting(Duration.ofDays(30));

    private final ManualTime time = new ManualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final ColdShelf shelf = new ColdShelf(time, Duration.ofHours(5));

    private RecallWindow window(RecallOrder order) {
        return new RecallWindow(shelf, order, Speed.BULK, time);
    }

    @Test
    void noMoreAreOnTheirWayThanTheOrderAllowsAndAllCome() {
        window(ORDER).bring(new ArrayDeque<>(), ColdShelf.packs(1, 10));

        assertThat(shelf.requests).hasSize(10).startsWith("d/1 BULK", "d/2 BULK", "d/3 BULK");
        assertThat(shelf.mostAtOnce).isEqualTo(3);
        assertThat(ColdShelf.packs(1, 10))
                .allSatisfy(each -> assertThat(shelf.readiness(each).name()).isEqualTo("READABLE"));
    }

    @Test
    void whatWasAskedForBeforeIsNotAskedForAgainAndCounts() {
        ColdShelf.packs(1, 2).forEach(each -> shelf.request(each, Speed.BULK, Duration.ofDays(1)));
        shelf.requests.clear();

        window(ORDER).bring(ColdShelf.packs(1, 2), ColdShelf.packs(3, 5));

        assertThat(shelf.requests).containsExactly("d/3 BULK", "d/4 BULK", "d/5 BULK");
        assertThat(shelf.mostAtOnce).isEqualTo(3);
    }

    @Test
    void whatBecameColdAgainBeforeItWasLookedAtIsAskedForAgain() {
        ObjectName first = ColdShelf.packs(1, 1).getFirst();

        window(ORDER).bring(ColdShelf.packs(1, 1), new ArrayDeque<>());

        assertThat(shelf.requests).containsExactly(first + " BULK");
    }

    @Test
    void whoHasNoMorePatienceIsToldHowManyAreMissingAndHowToGoOn() {
        RecallOrder hasty = ORDER.waiting(Duration.ofHours(8));

        assertThatThrownBy(() -> window(hasty).bring(new ArrayDeque<>(), ColdShelf.packs(1, 10)))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_OFFLINE);
                    assertThat(failure.describe()).contains("7 packs have not come in 8 h", "call it again");
                });
        // The second call finds the second batch on its way.
        window(ORDER).bring(ColdShelf.packs(4, 6), ColdShelf.packs(7, 10));
        assertThat(shelf.requests).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aWindowHasRoomForOneAtLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> ORDER.inBatchesOf(0));
    }
}
