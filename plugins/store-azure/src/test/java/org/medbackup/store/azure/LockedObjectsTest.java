package org.medbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.azure.Scripted.catching;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.AzuriteServer;
import org.medbackup.testkit.FakeAzure;
import org.medbackup.testkit.ObjectStoreContract;

/** The contract of stores, and locks of objects, on a fake made from Microsoft's documents; Azurite keeps no locks. */
class LockedObjectsTest implements ObjectStoreContract {

    private static final ObjectName PACK = ObjectName.of("d/ab/pack");
    private static final ObjectName TICKET = ObjectName.of("t/ticket");
    private static final String FULL = "ward/d/ab/pack";

    private final Instant until = Instant.now().plus(Duration.ofDays(40));
    private FakeAzure azure;

    @BeforeEach
    void startService() {
        azure = FakeAzure.start();
    }

    @AfterEach
    void stopService() {
        azure.close();
    }

    @Override
    public ObjectStore open() {
        return open("&lock=compliance");
    }

    private AzureStore open(String lock) {
        return open(lock, AzureStore.PAGE);
    }

    private AzureStore open(String lock, int page) {
        return AzureStoreProvider.open(
                URI.create("azure://clinic/" + FakeAzure.CONTAINER + "/ward?endpoint=" + azure.endpoint() + lock),
                Map.of("AZURE_STORAGE_KEY", AzuriteServer.KEY)::get,
                Silence.of(Duration.ofSeconds(10)),
                Throttle.none(),
                page);
    }

    private static ObjectStore.Locks locks(ObjectStore store) {
        return store.locks().orElseThrow();
    }

    private void put(ObjectStore store, int length) {
        ObjectContent content = ObjectContent.of(new byte[length]).kept(new Keeping("vault", until));
        assertThat(store.putIfAbsent(PACK, content)).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aLockIsSetWithTheBytesAndIsReadBackFromTheTarget() {
        try (ObjectStore store = open()) {
            put(store, 3);
            store.putIfAbsent(TICKET, ObjectContent.of(new byte[1]));

            assertThat(locks(store).until(PACK))
                    .hasValueSatisfying(end -> assertThat(end).isBetween(until, until.plusSeconds(1)));
            assertThat(locks(store).until(TICKET)).isEmpty();
            assertThat(store.delete(TICKET)).isTrue();
        }
    }

    @Test
    void alsoWhereTheBytesComeInBlocks() {
        try (ObjectStore store = open()) {
            put(store, Blocks.LENGTH + 1);

            assertThat(locks(store).until(PACK)).isPresent();
            assertThat(store.length(PACK)).hasValue(Blocks.LENGTH + 1);
        }
    }

    private static List<String> listed(ObjectStore store) {
        var listed = new ArrayList<String>();
        store.list("d/", info -> listed.add(info.name() + " " + info.length()));
        return listed;
    }

    @Test
    void whatSomebodyHidIsReadAndListedAndNotMadeAgain() {
        try (ObjectStore store = open()) {
            put(store, 3);
            store.putIfAbsent(ObjectName.of("d/ab/pack-2"), ObjectContent.of(new byte[2]));
        }
        azure.hide(FULL);
        try (ObjectStore later = open()) {
            assertThat(listed(later)).containsExactly("d/ab/pack 3", "d/ab/pack-2 2");
            assertThat(later.length(PACK)).hasValue(3);
            assertThat(later.readAll(PACK)).hasSize(3);
            assertThat(locks(later).until(PACK)).isPresent();
            assertThat(later.putIfAbsent(PACK, ObjectContent.of(new byte[9]))).isEqualTo(PutOutcome.EXISTED);
            locks(later).extend(PACK, until.plus(Duration.ofDays(30)));
            assertThat(locks(later).until(PACK))
                    .hasValueSatisfying(end -> assertThat(end).isAfter(until.plus(Duration.ofDays(29))));
        }
    }

    @Test
    void whatSomebodyPutOverItIsNotTakenForTheObjectAndIsNotDeletedInItsPlace() {
        try (ObjectStore store = open()) {
            put(store, 3);
            azure.putOver(FULL, new byte[100]);

            try (ObjectStore later = open()) {
                assertThat(later.readAll(PACK)).hasSize(3);
                assertThat(listed(later)).containsExactly("d/ab/pack 3");
                assertThat(catching(() -> later.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
                assertThat(later.length(PACK)).hasValue(3);
            }
        }
    }

    @Test
    void whatAnotherDeletedIsNotThereAnyMore() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[3]));
            assertThat(store.length(PACK)).hasValue(3);
        }
        try (ObjectStore store = open()) {
            assertThat(store.length(PACK)).hasValue(3);
            azure.drop(FULL);

            assertThat(store.length(PACK)).isEmpty();
            assertThat(catching(() -> store.readAll(PACK)).code()).isEqualTo(ErrorCode.OBJECT_MISSING);
            assertThat(store.putIfAbsent(PACK, ObjectContent.of(new byte[4]))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void whatWasPutWithoutALockGetsOne() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[1]));

            locks(store).extend(PACK, until);

            assertThat(locks(store).until(PACK)).isPresent();
            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
        }
    }

    @Test
    void aLockThatHasEndedWhenItIsAskedForIsNone() {
        try (ObjectStore store = open()) {
            var ended = new Keeping("vault", Instant.now().minus(Duration.ofDays(3)));

            assertThat(store.putIfAbsent(PACK, ObjectContent.of(new byte[1]).kept(ended)))
                    .isEqualTo(PutOutcome.CREATED);

            assertThat(locks(store).until(PACK)).isEmpty();
            assertThat(store.delete(PACK)).isTrue();
        }
    }

    @Test
    void whatIsNotThereHasNoLockAndGetsNone() {
        try (ObjectStore store = open()) {
            assertThat(catching(() -> locks(store).until(PACK)).code()).isEqualTo(ErrorCode.OBJECT_MISSING);
            assertThat(catching(() -> locks(store).extend(PACK, until)).code()).isEqualTo(ErrorCode.OBJECT_MISSING);
        }
    }

    @Test
    void aLockedObjectIsNotDeletedAndStaysTheCurrentVersion() {
        try (ObjectStore store = open()) {
            put(store, 3);

            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);

            assertThat(store.length(PACK)).hasValue(3);
            try (ObjectStore plain = open("")) {
                assertThat(plain.length(PACK)).hasValue(3);
                assertThat(plain.locks()).isEmpty();
            }
        }
    }

    @Test
    void whoAsksForNoLocksHidesALockedObjectAndDeletesItNot() {
        try (ObjectStore store = open();
                ObjectStore plain = open("")) {
            put(store, 3);

            assertThat(plain.delete(PACK)).isTrue();

            assertThat(plain.isEmpty()).isTrue();
            assertThat(store.isEmpty()).isFalse();
            assertThat(store.readAll(PACK)).hasSize(3);
            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
        }
    }

    @Test
    void whatALegalHoldKeepsIsNotDeleted() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[3]));
            azure.hold(FULL);

            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
            assertThat(store.length(PACK)).hasValue(3);
        }
    }

    @Test
    void aDeletionLeavesNoVersion() {
        try (ObjectStore store = open()) {
            for (int hidden = 0; hidden < 2; hidden++) {
                store.putIfAbsent(PACK, ObjectContent.of(new byte[3]));
                azure.putOver(FULL, new byte[100]);
                if (hidden > 0) {
                    azure.hide(FULL);
                }

                assertThat(store.delete(PACK)).isTrue();

                assertThat(azure.versions(FULL)).isZero();
                assertThat(store.length(PACK)).isEmpty();
                assertThat(listed(store)).isEmpty();
                assertThat(store.delete(PACK)).isFalse();
            }
        }
    }

    @Test
    void whereAnyVersionIsLockedNoneIsTakenAway() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[3]));
            azure.putOver(FULL, new byte[100]);
            azure.hold(FULL);

            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
            assertThat(azure.versions(FULL)).isEqualTo(2);
            assertThat(store.readAll(PACK)).hasSize(3);
        }
    }

    @Test
    void versionsAreFoundOverSeveralPages() {
        try (ObjectStore store = open("&lock=compliance", 1)) {
            for (String name : new String[] {"d/a", "d/b"}) {
                store.putIfAbsent(ObjectName.of(name), ObjectContent.of(new byte[1]));
                azure.putOver("ward/" + name, new byte[5]);
                azure.putOver("ward/" + name, new byte[6]);
            }

            assertThat(listed(store)).containsExactly("d/a 1", "d/b 1");
            assertThat(store.length(ObjectName.of("d/b"))).hasValue(1);
        }
    }

    @Test
    void aLockIsMadeLongerAndNeverShorter() {
        Instant longer = until.plus(Duration.ofDays(30));
        try (ObjectStore store = open()) {
            put(store, 1);

            locks(store).extend(PACK, longer);
            locks(store).extend(PACK, until);

            assertThat(locks(store).until(PACK))
                    .hasValueSatisfying(end -> assertThat(end).isBetween(longer, longer.plusSeconds(1)));
        }
    }

    private static String written(Instant time) {
        return Wire.DATE.format(time);
    }

    @Test
    void aPolicyThatSomebodyMayTakeAwayDoesNotCountAndIsLockedWithoutEndingSooner() {
        Instant longer = until.plus(Duration.ofDays(30)).truncatedTo(ChronoUnit.SECONDS);
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[1]));
            azure.retainUnlocked(FULL, written(longer));
            assertThat(locks(store).until(PACK)).isEmpty();
            assertThat(catching(() -> store.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);

            locks(store).extend(PACK, until);

            assertThat(locks(store).until(PACK)).hasValue(longer);
        }
    }

    @Test
    void aContainerThatKeepsNoLocksSaysSoWhenItIsGivenOne() {
        azure.withoutImmutability();
        for (int length : new int[] {3, Blocks.LENGTH + 1}) {
            try (ObjectStore store = open()) {
                assertThat(catching(() -> put(store, length)).code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE);
                assertThat(store.length(PACK)).isEmpty();
            }
        }
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[1]));
            assertThat(catching(() -> locks(store).extend(PACK, until)).code()).isEqualTo(ErrorCode.STORE_DENIED);
        }
    }

    @Test
    void aLocationWithoutLocksSetsNoneWhateverIsAskedFor() {
        try (ObjectStore plain = open("");
                ObjectStore store = open()) {
            put(plain, 1);

            assertThat(locks(store).until(PACK)).isEmpty();
            assertThat(store.delete(PACK)).isTrue();
        }
    }
}
