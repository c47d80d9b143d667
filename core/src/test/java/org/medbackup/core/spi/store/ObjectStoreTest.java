package org.medbackup.core.spi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** What the port itself does for every store. */
class ObjectStoreTest {

    private static final ObjectName NAME = ObjectName.of("d/x");

    /** Holds one object, whose length it may get wrong. */
    private record OneObject(OptionalLong length, byte[] bytes) implements ObjectStore {

        @Override
        public OptionalLong length(ObjectName name) {
            return length;
        }

        @Override
        public int read(ObjectName name, long offset, ByteBuffer target) {
            int count = Math.min(target.remaining(), bytes.length - (int) offset);
            target.put(bytes, (int) offset, count);
            return count;
        }

        @Override
        public String location() {
            return "one";
        }

        @Override
        public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
            return PutOutcome.EXISTED;
        }

        @Override
        public void list(String prefix, Consumer<ObjectInfo> visitor) {
            visitor.accept(new ObjectInfo(NAME, bytes.length));
        }

        @Override
        public boolean delete(ObjectName name) {
            return false;
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public void close() {}
    }

    private static void assertFails(ObjectStore store, ErrorCode code) {
        assertThatThrownBy(() -> store.readAll(NAME)).isInstanceOfSatisfying(BackupException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.context()).containsEntry("object", "d/x");
        });
    }

    @Test
    void theWholeOfAnObjectIsRead() {
        assertThat(new OneObject(OptionalLong.of(3), new byte[] {1, 2, 3}).readAll(NAME))
                .containsExactly(1, 2, 3);
    }

    @Test
    void anObjectThatIsNotThereIsNamedAsMissing() {
        assertFails(new OneObject(OptionalLong.empty(), new byte[0]), ErrorCode.OBJECT_MISSING);
    }

    @Test
    void anObjectThatEndsEarlyIsNamedAsDamaged() {
        assertFails(new OneObject(OptionalLong.of(4), new byte[] {1, 2, 3}), ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void anObjectThatCannotBeTrueIsNotReadAtAll() {
        assertFails(new OneObject(OptionalLong.of(Long.MAX_VALUE), new byte[0]), ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void contentCanBeWrittenAgainToAChannelThatTakesLittleAtATime() throws IOException {
        ObjectContent content = ObjectContent.of(new byte[] {1, 2, 3, 4, 5});

        assertThat(content.length()).isEqualTo(5);
        for (int attempt = 0; attempt < 2; attempt++) {
            var slow = new SlowChannel();
            content.writeTo(slow);
            assertThat(slow.taken.toByteArray()).containsExactly(1, 2, 3, 4, 5);
        }
    }

    private static final class SlowChannel implements WritableByteChannel {

        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public int write(ByteBuffer source) {
            taken.write(source.get());
            return 1;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void aStoreThatSaysNothingOfPagesAndRecallsIsTakenToKnowNothingOfThem() {
        ObjectStore.Questions asked = name -> true;
        var recall = new ObjectStore.Recall() {
            @Override
            public Readiness readiness(ObjectName name) {
                return Readiness.COLD;
            }

            @Override
            public void request(ObjectName name, Speed speed, Duration keep) {}
        };

        assertThat(asked.listInPages("d/")).isEmpty();
        assertThat(recall.terms(NAME)).isEqualTo(ObjectStore.Recall.Terms.UNKNOWN);
        assertThat(recall.terms(NAME).speeds()).hasSize(3);
        assertThat(recall.terms(NAME).at(Set.of("cold")).tiers()).containsExactly("cold");
        assertThat(recall.terms(NAME).longest()).isEmpty();
    }
}
