package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;

/** What every {@link ObjectStore} must do. An adapter's test implements this interface and gives an empty store. */
public interface ObjectStoreContract {

    /** Opens the store of this test; the same one when it is called again. */
    ObjectStore open();

    private static ObjectName name(String text) {
        return ObjectName.of(text);
    }

    private static ObjectContent content(String text) {
        return ObjectContent.of(text.getBytes(UTF_8));
    }

    private static List<String> names(ObjectStore store, String prefix) {
        var names = new ArrayList<String>();
        store.list(prefix, info -> names.add(info.name().text()));
        return names;
    }

    @Test
    default void whatWasPutIsReadBack() {
        try (ObjectStore store = open()) {
            var bytes = new byte[300_000];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (i * 31);
            }

            assertThat(store.putIfAbsent(name("d/ab/cd"), ObjectContent.of(bytes)))
                    .isEqualTo(PutOutcome.CREATED);

            assertThat(store.readAll(name("d/ab/cd"))).isEqualTo(bytes);
            assertThat(store.length(name("d/ab/cd"))).hasValue(bytes.length);
        }
    }

    @Test
    default void anExistingObjectIsNeverReplaced() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("s/one"), content("first"));

            assertThat(store.putIfAbsent(name("s/one"), content("second"))).isEqualTo(PutOutcome.EXISTED);

            assertThat(store.readAll(name("s/one"))).isEqualTo("first".getBytes(UTF_8));
        }
    }

    @Test
    default void ofManyPutsOfOneNameExactlyOneWins() throws Exception {
        int writers = 24;
        try (ObjectStore store = open();
                var threads = Executors.newFixedThreadPool(writers)) {
            for (int round = 0; round < 5; round++) {
                ObjectName name = name("race/" + round);
                var start = new CountDownLatch(1);
                var outcomes = new ArrayList<Future<PutOutcome>>();
                for (int writer = 0; writer < writers; writer++) {
                    String text = "writer " + writer;
                    Callable<PutOutcome> put = () -> {
                        start.await();
                        return store.putIfAbsent(name, content(text));
                    };
                    outcomes.add(threads.submit(put));
                }
                start.countDown();

                int winner = -1;
                for (int writer = 0; writer < writers; writer++) {
                    if (outcomes.get(writer).get() == PutOutcome.CREATED) {
                        assertThat(winner).as("an earlier winner").isEqualTo(-1);
                        winner = writer;
                    }
                }
                assertThat(store.readAll(name)).isEqualTo(("writer " + winner).getBytes(UTF_8));
            }
        }
    }

    @Test
    default void aRangeIsReadExactly() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("range"), content("0123456789"));
            ByteBuffer target = ByteBuffer.allocate(4);

            assertThat(store.read(name("range"), 3, target)).isEqualTo(4);
            assertThat(target.array()).isEqualTo("3456".getBytes(UTF_8));
            assertThat(store.read(name("range"), 8, ByteBuffer.allocate(4))).isEqualTo(2);
            assertThat(store.read(name("range"), 10, ByteBuffer.allocate(4))).isZero();
            assertThat(store.read(name("range"), 99, ByteBuffer.allocate(4))).isZero();
            ByteBuffer direct = ByteBuffer.allocateDirect(3);
            assertThat(store.read(name("range"), 0, direct)).isEqualTo(3);
            assertThat(direct.get(0)).isEqualTo((byte) '0');
        }
    }

    @Test
    default void anEmptyObjectIsAnObject() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("empty"), content(""));

            assertThat(store.length(name("empty"))).hasValue(0);
            assertThat(store.readAll(name("empty"))).isEmpty();
        }
    }

    @Test
    default void namesAreListedInOrderBelowTheirPrefix() {
        try (ObjectStore store = open()) {
            for (String text : List.of("i/0-2", "d/ff/1", "d/00/2", "d/00/1", "d.x", "i/0-10", "root/5")) {
                store.putIfAbsent(name(text), content(text));
            }

            assertThat(names(store, "d/")).containsExactly("d/00/1", "d/00/2", "d/ff/1");
            assertThat(names(store, "d/0")).containsExactly("d/00/1", "d/00/2");
            assertThat(names(store, "d")).containsExactly("d.x", "d/00/1", "d/00/2", "d/ff/1");
            assertThat(names(store, "")).hasSize(7).isSorted();
            assertThat(names(store, "none/")).isEmpty();
        }
    }

    @Test
    default void whatIsMissingIsSaidToBe() {
        try (ObjectStore store = open()) {
            assertThat(store.length(name("absent"))).isEmpty();
            assertThat(store.delete(name("absent"))).isFalse();
            assertThatThrownBy(() -> store.read(name("absent"), 0, ByteBuffer.allocate(1)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_MISSING));
        }
    }

    @Test
    default void aDeletedObjectIsGoneAndItsNameFree() {
        try (ObjectStore store = open()) {
            store.putIfAbsent(name("x/gone"), content("a"));

            assertThat(store.delete(name("x/gone"))).isTrue();

            assertThat(store.length(name("x/gone"))).isEmpty();
            assertThat(names(store, "x/")).isEmpty();
            assertThat(store.putIfAbsent(name("x/gone"), content("b"))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    default void aFailedPutLeavesNothingVisible() {
        try (ObjectStore store = open()) {
            ObjectContent broken = new ObjectContent() {
                @Override
                public long length() {
                    return 100_000;
                }

                @Override
                public void writeTo(java.nio.channels.WritableByteChannel target) throws java.io.IOException {
                    target.write(ByteBuffer.wrap(new byte[50_000]));
                    throw new java.io.IOException("the source broke");
                }
            };

            assertThatThrownBy(() -> store.putIfAbsent(name("half"), broken)).isInstanceOf(BackupException.class);

            assertThat(store.length(name("half"))).isEmpty();
            assertThat(names(store, "")).isEmpty();
            assertThat(store.putIfAbsent(name("half"), content("whole"))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    default void emptinessIsKnown() {
        try (ObjectStore store = open()) {
            assertThat(store.isEmpty()).isTrue();
            store.putIfAbsent(name("a"), content("a"));
            assertThat(store.isEmpty()).isFalse();
            assertThat(store.location()).isNotEmpty();
        }
    }
}
