package org.medbackup.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;

/** A benchmark that cannot measure says why, and gives no figure. */
class BenchmarkFailuresTest {

    @TempDir
    Path temp;

    private static void assertFails(ErrorCode code, ThrowingCallable act) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    /** Content whose bytes are written by the test. */
    private record Content(Writer writer) implements ObjectContent {

        @FunctionalInterface
        interface Writer {
            void write(WritableByteChannel target) throws IOException;
        }

        @Override
        public long length() {
            return 3;
        }

        @Override
        public void writeTo(WritableByteChannel target) throws IOException {
            writer.write(target);
        }
    }

    @Test
    void theFolderOfABenchmarkIsRemovedWithAllThatLiesInIt() throws IOException {
        Path folder;
        try (var scratch = new Scratch()) {
            folder = scratch.folder();
            Files.createFile(Files.createDirectories(folder.resolve("a/b")).resolve("c"));
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void aFolderThatVanishedMeanwhileIsReported() throws IOException {
        var scratch = new Scratch();
        Files.delete(scratch.folder());

        assertFails(ErrorCode.TARGET_UNUSABLE, scratch::close);
    }

    @Test
    void theReferenceIsNotCompiledWhereItsSourceCannotBeWritten() {
        assertFails(ErrorCode.TARGET_UNUSABLE, () -> CReference.compile(temp.resolve("absent")));
    }

    @Test
    void contentThatCannotBeReadIsAFailureOfThePut() {
        try (var store = new NowhereStore()) {
            ObjectContent broken = new Content(target -> {
                throw new IOException("broken");
            });

            assertFails(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(ObjectName.of("d/x"), broken));
            assertFails(ErrorCode.STORE_UNAVAILABLE, () -> store.putIfAbsent(ObjectName.of("s/x"), broken));
            assertThat(store.isEmpty()).isTrue();
        }
    }

    @Test
    void aPackIsTakenToItsLastByteAndForgotten() {
        try (var store = new NowhereStore()) {
            ObjectContent pack = new Content(target -> {
                assertThat(target.isOpen()).isTrue();
                assertThat(target.write(ByteBuffer.allocate(3))).isEqualTo(3);
                target.close();
            });

            assertThat(store.putIfAbsent(ObjectName.of("d/x"), pack)).isEqualTo(PutOutcome.CREATED);
            assertThat(store.isEmpty()).isTrue();
        }
    }
}
