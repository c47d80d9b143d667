package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.gcs.Scripted.catching;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;
import org.medbackup.testkit.FakeGoogle;
import org.medbackup.testkit.ObjectStoreContract;

/** The contract of stores, and retention of objects, on a fake made from Google's documents; no server that ships has any. */
class LockedObjectsTest implements ObjectStoreContract {

    private static final ObjectName PACK = ObjectName.of("d/ab/pack");
    private static final ObjectName TICKET = ObjectName.of("t/ticket");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Instant until = Instant.now().plus(Duration.ofDays(40));
    private FakeGoogle google;

    @BeforeEach
    void startService() {
        google = FakeGoogle.start();
        environment.put(
                "GOOGLE_APPLICATION_CREDENTIALS",
                google.tokens().writeKey(folder.resolve("key.json")).toString());
    }

    @AfterEach
    void stopService() {
        google.close();
    }

    @Override
    public ObjectStore open() {
        return open("&lock=compliance");
    }

    private GcsStore open(String lock) {
        return GcsStoreProvider.open(
                URI.create("gs://" + FakeGoogle.BUCKET + "/ward?endpoint=" + google.endpoint() + lock),
                environment::get,
                Silence.of(Duration.ofSeconds(10)),
                Throttle.none());
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
    void alsoWhereTheBytesComeInPieces() {
        try (ObjectStore store = open()) {
            put(store, Session.PIECE + 1);

            assertThat(locks(store).until(PACK)).isPresent();
            assertThat(store.length(PACK)).hasValue(Session.PIECE + 1);
        }
    }

    @Test
    void aLockedObjectIsNotDeletedAlsoByWhoAsksForNoLocks() {
        try (ObjectStore store = open()) {
            put(store, 3);
        }
        for (String lock : new String[] {"&lock=compliance", ""}) {
            try (ObjectStore store = open(lock)) {
                BackupException failure = catching(() -> store.delete(PACK));
                assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED);
                assertThat(failure.context()).containsEntry("said", "retentionPolicyNotMet");
                assertThat(store.length(PACK)).hasValue(3);
                assertThat(store.locks().isPresent()).isEqualTo(!lock.isEmpty());
            }
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
        google.hide("ward/d/ab/pack");
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
            google.putOver("ward/d/ab/pack", new byte[100]);

            try (ObjectStore later = open()) {
                assertThat(later.readAll(PACK)).hasSize(3);
                assertThat(listed(later)).containsExactly("d/ab/pack 3");
                assertThat(catching(() -> later.delete(PACK)).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
                assertThat(later.length(PACK)).hasValue(3);
            }
        }
    }

    @Test
    void aDeletionLeavesNoGeneration() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(PACK, ObjectContent.of(new byte[3]));
            google.putOver("ward/d/ab/pack", new byte[100]);

            assertThat(store.delete(PACK)).isTrue();

            assertThat(store.length(PACK)).isEmpty();
            assertThat(listed(store)).isEmpty();
            assertThat(store.delete(PACK)).isFalse();
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
            google.drop("ward/d/ab/pack");

            assertThat(store.length(PACK)).isEmpty();
            assertThat(catching(() -> store.readAll(PACK)).code()).isEqualTo(ErrorCode.OBJECT_MISSING);
            assertThat(store.putIfAbsent(PACK, ObjectContent.of(new byte[4]))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void generationsAreFoundOverSeveralPages() {
        try (ObjectStore store = GcsStoreProvider.open(
                URI.create("gs://" + FakeGoogle.BUCKET + "/ward?endpoint=" + google.endpoint() + "&lock=compliance"),
                environment::get,
                Silence.of(Duration.ofSeconds(10)),
                Throttle.none(),
                1)) {
            for (String name : new String[] {"d/a", "d/b"}) {
                store.putIfAbsent(ObjectName.of(name), ObjectContent.of(new byte[1]));
                google.putOver("ward/" + name, new byte[5]);
                google.putOver("ward/" + name, new byte[6]);
            }

            assertThat(listed(store)).containsExactly("d/a 1", "d/b 1");
            assertThat(store.length(ObjectName.of("d/b"))).hasValue(1);
        }
    }

    @Test
    void aLockIsMadeLongerAndNeverShorter() {
        Instant longer = until.plus(Duration.ofDays(30));
        for (String lock : new String[] {"compliance", "governance"}) {
            try (ObjectStore store = open("&lock=" + lock)) {
                ObjectName name = ObjectName.of("d/" + lock);
                store.putIfAbsent(name, ObjectContent.of(new byte[1]).kept(new Keeping("vault", until)));

                locks(store).extend(name, longer);
                locks(store).extend(name, until);

                assertThat(locks(store).until(name))
                        .hasValueSatisfying(end -> assertThat(end).isBetween(longer, longer.plusSeconds(1)));
            }
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
    void aLockThatSomebodyMayTakeAwayDoesNotCountWhereNobodyIsTo() {
        try (ObjectStore governed = open("&lock=governance");
                ObjectStore strict = open()) {
            put(governed, 1);

            assertThat(locks(governed).until(PACK)).isPresent();
            assertThat(locks(strict).until(PACK)).isEmpty();
            // Google makes it a locked one for whoever has the right to override it alone.
            assertThat(catching(() -> locks(strict).extend(PACK, until.plus(Duration.ofDays(1))))
                            .code())
                    .isEqualTo(ErrorCode.STORE_DENIED);
        }
    }

    @Test
    void aBucketThatKeepsNoRetentionSaysSoWhenItIsGivenALock() {
        google.withoutRetention();
        for (int length : new int[] {3, Session.PIECE + 1}) {
            try (ObjectStore store = open()) {
                assertThat(catching(() -> put(store, length)).code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE);
                assertThat(store.length(PACK)).isEmpty();
            }
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
    void aLocationWithoutLocksSetsNoneWhateverIsAskedFor() {
        try (ObjectStore store = open("")) {
            put(store, 1);

            assertThat(store.delete(PACK)).isTrue();
        }
    }

    @Test
    void aTargetThatSaysNoGenerationsCannotBeUsedWithLocks() throws Exception {
        try (var server = new ScriptedServer(page(""));
                ObjectStore store = scripted(server)) {
            assertThat(catching(() -> store.length(PACK)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }

    private static String page(String generation) {
        return ScriptedServer.answer(
                200,
                "{\"kind\":\"storage#objects\",\"items\":[{\"name\":\"p/d/ab/pack\",\"size\":\"3\"" + generation
                        + "}]}",
                "Content-Type: application/json");
    }

    private static ObjectStore scripted(ScriptedServer server) {
        return GcsStoreProvider.open(
                URI.create("gs://vault/p?lock=compliance&endpoint=" + server.endpoint()),
                name -> null,
                Silence.of(Duration.ofSeconds(10)),
                Throttle.none());
    }

    @Test
    void anAnswerThatSaysNoTimeIsNotTakenForNoLock() throws Exception {
        for (String retention :
                new String[] {"{\"mode\":\"Locked\"}", "{\"mode\":\"Locked\",\"retainUntilTime\":\"soon\"}"}) {
            var answer =
                    ScriptedServer.answer(200, "{\"retention\":" + retention + "}", "Content-Type: application/json");
            try (var server = new ScriptedServer(page(",\"generation\":\"7\""), answer);
                    ObjectStore store = scripted(server)) {
                assertThat(catching(() -> locks(store).until(PACK)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            }
        }
    }
}
