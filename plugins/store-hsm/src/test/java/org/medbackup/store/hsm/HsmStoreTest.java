package org.medbackup.store.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.store.hsm.FakeHsm.name;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.ObjectStore.Recall.Readiness;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.CountingThrottle;
import org.medbackup.testkit.ManualTime;
import org.medbackup.testkit.ObjectStoreContract;

/** A store whose files are away, told by their blocks or by a command of the site. */
class HsmStoreTest implements ObjectStoreContract {

    private static final byte[] BYTES = new byte[100_000];

    static {
        Arrays.fill(BYTES, (byte) 7);
    }

    @TempDir
    Path temp;

    private FakeHsm hsm;

    @BeforeEach
    void makeHsm() throws Exception {
        hsm = new FakeHsm(temp);
    }

    @Override
    public ObjectStore open() {
        return new HsmStoreProvider().open(java.net.URI.create("hsm://" + hsm.folder));
    }

    static BackupException failure(ErrorCode code, ThrowingCallable call) {
        var caught = new ArrayList<BackupException>();
        assertThatThrownBy(call).isInstanceOfSatisfying(BackupException.class, caught::add);
        assertThat(caught.getFirst().code()).as(caught.getFirst().describe()).isEqualTo(code);
        return caught.getFirst();
    }

    private static ObjectStore.Recall recall(ObjectStore store) {
        return store.recall().orElseThrow();
    }

    @Test
    void theModuleOffersItToTheServiceLoader() {
        assertThat(HsmStore.class.getModule().getDescriptor().provides()).anySatisfy(offer -> {
            assertThat(offer.service()).isEqualTo(StoreProvider.class.getName());
            assertThat(offer.providers()).containsExactly(HsmStoreProvider.class.getName());
        });
        assertThat(new HsmStoreProvider().schemes()).containsExactly("hsm");
    }

    @Test
    void aFileThatIsAwayIsRefusedAtOnceAndNotRead() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/ab/x"), ObjectContent.of(BYTES));
            hsm.migrate("d/ab/x");

            BackupException refused =
                    failure(ErrorCode.OBJECT_OFFLINE, () -> store.read(name("d/ab/x"), 0, ByteBuffer.allocate(10)));

            assertThat(refused.context())
                    .containsEntry("object", "d/ab/x")
                    .containsEntry("store", "hsm://" + hsm.folder);
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(name("d/ab/x")));
            assertThat(hsm.wasRead("d/ab/x")).isFalse();
        }
    }

    @Test
    void lookingForListingAndPuttingWhatIsAwayReadsNothing() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("d/ab/x"), ObjectContent.of(BYTES));
            hsm.migrate("d/ab/x");
            var listed = new ArrayList<String>();

            store.list("d/", info -> listed.add(info.name() + " " + info.length()));

            assertThat(listed).containsExactly("d/ab/x 100000");
            assertThat(store.length(name("d/ab/x"))).hasValue(BYTES.length);
            assertThat(store.isEmpty()).isFalse();
            assertThat(store.putIfAbsent(name("d/ab/x"), ObjectContent.of(BYTES)))
                    .isEqualTo(PutOutcome.EXISTED);
            assertThat(recall(store).readiness(name("d/ab/x"))).isEqualTo(Readiness.COLD);
            assertThat(hsm.wasRead("d/ab/x")).isFalse();
            assertThat(store.delete(name("d/ab/x"))).isTrue();
            failure(ErrorCode.OBJECT_MISSING, () -> recall(store).readiness(name("d/ab/x")));
        }
    }

    /** Else the tests above would show nothing. */
    @Test
    void aStubThatIsReadAllTheSameGivesZerosAndIsSeenToHaveBeenRead() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            hsm.migrate("x");

            assertThat(Files.readAllBytes(hsm.file("x"))).isEqualTo(new byte[BYTES.length]);

            boolean keepsAccessTimes =
                    !Files.readString(Path.of("/proc/self/mounts")).contains("noatime");
            assertThat(hsm.wasRead("x") || !keepsAccessTimes).isTrue();
        }
    }

    @Test
    void whatWasBroughtBackIsReadWhole() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            hsm.migrate("x");
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(name("x")));

            hsm.bringBack("x");

            assertThat(recall(store).readiness(name("x"))).isEqualTo(Readiness.READABLE);
            assertThat(store.readAll(name("x"))).isEqualTo(BYTES);
        }
    }

    @Test
    void anEmptyObjectIsAlwaysReadableAndAFolderOrALinkIsNoObject() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("s/empty"), ObjectContent.of(new byte[0]));
            Files.createSymbolicLink(hsm.file("s/link"), hsm.file("s/empty"));

            assertThat(recall(store).readiness(name("s/empty"))).isEqualTo(Readiness.READABLE);
            failure(ErrorCode.OBJECT_MISSING, () -> recall(store).readiness(name("s")));
            failure(ErrorCode.OBJECT_MISSING, () -> store.read(name("s/link"), 0, ByteBuffer.allocate(1)));
        }
    }

    @Test
    void aPathThroughAFileIsSaidToBeUnusable() throws Exception {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("s"), ObjectContent.of(BYTES));

            failure(ErrorCode.STORE_UNAVAILABLE, () -> recall(store).readiness(name("s/x")));
        }
    }

    @Test
    void everyByteOfAnObjectPassesTheThrottle() {
        var throttle = new CountingThrottle(4096);
        try (ObjectStore store = new HsmStoreProvider().open(java.net.URI.create("hsm://" + hsm.folder), throttle)) {
            store.putIfAbsent(name("large"), ObjectContent.of(BYTES));
            assertThat(store.readAll(name("large"))).isEqualTo(BYTES);
        }
        assertThat(throttle.used(Throttle.Resource.DISK_WRITE)).isEqualTo(BYTES.length);
        assertThat(throttle.used(Throttle.Resource.DISK_READ)).isEqualTo(BYTES.length);
        assertThat(throttle.open()).isZero();
    }

    @Test
    void theStateIsWhatTheCommandOfTheSiteSaysAlsoWhereBlocksSayOtherwise() throws Exception {
        try (ObjectStore store = hsm.open(hsm.askingState(), new ManualTime())) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            assertThat(store.readAll(name("x"))).isEqualTo(BYTES);

            store.putIfAbsent(name("y"), ObjectContent.of(BYTES));
            hsm.migrate("y");
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(name("y")));

            assertThat(hsm.wasRead("y")).isFalse();
            assertThat(hsm.calls("state")).containsExactly("x", "y");
        }
    }

    @Test
    void aResidentFileIsAskedForOnceInTenSecondsAndOneThatIsAwayEveryTime() throws Exception {
        var time = new ManualTime();
        try (ObjectStore store = hsm.open(hsm.askingState(), time)) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            store.readAll(name("x"));
            store.readAll(name("x"));
            assertThat(hsm.calls("state")).hasSize(1);

            time.advance(Residences.HOLDS);
            hsm.migrate("x");
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(name("x")));
            failure(ErrorCode.OBJECT_OFFLINE, () -> store.readAll(name("x")));
            assertThat(hsm.calls("state")).hasSize(3);
        }
    }

    @Test
    void emptyObjectsAndListingsAskNoCommand() throws Exception {
        try (ObjectStore store = hsm.open(hsm.askingState(), new ManualTime())) {
            store.putIfAbsent(name("empty"), ObjectContent.of(new byte[0]));
            store.list("", info -> assertThat(info.length()).isZero());
            assertThat(store.readAll(name("empty"))).isEmpty();
            assertThat(hsm.calls("state")).isEmpty();
        }
    }

    @Test
    void aFileWhoseStateIsNotUnderstoodIsNotRead() throws Exception {
        try (ObjectStore store = hsm.open(hsm.askingState(), new ManualTime())) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            for (String said : new String[] {"echo lost patient 4711", "true"}) {
                hsm.programs.script("state", said);

                BackupException unknown = failure(ErrorCode.STORE_UNAVAILABLE, () -> store.readAll(name("x")));

                assertThat(unknown.describe()).contains("commands.state.states").doesNotContain("4711");
            }
        }
    }

    @Test
    void withoutAPatternForResidentFilesAllThatIsNotAwayIs() throws Exception {
        hsm.programs.script("dsmls", "echo \"100000 100000 100 p $1\"");
        try (ObjectStore store = hsm.open(
                "  state: {run: [" + temp.resolve("programs/dsmls") + ", '{}'], states: {offline: ' m '}}\n",
                new ManualTime())) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            assertThat(store.readAll(name("x"))).isEqualTo(BYTES);
        }
    }

    @Test
    void aCommandForTheStateThatFailsIsNamedWithItsExitStatusAndNothingElse() throws Exception {
        try (ObjectStore store = hsm.open(hsm.askingState(), new ManualTime())) {
            store.putIfAbsent(name("x"), ObjectContent.of(BYTES));
            hsm.programs.script("state", "echo /patients/4711; echo /patients/4711 >&2; exit 3");

            BackupException failed = failure(ErrorCode.STORE_UNAVAILABLE, () -> store.readAll(name("x")));

            assertThat(failed.getMessage()).contains("command for state ended with exit status 3");
            assertThat(failed.context()).containsEntry("exit", "3");
            assertThat(failed.toCaller()).doesNotContain("4711");
        }
    }
}
