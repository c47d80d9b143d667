package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectInfo;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.S3Server;

/** What is said of a target is what was seen of it. */
class TargetProbeTest {

    @TempDir
    Path temp;

    private static TargetCapabilities probe(ObjectStore store) {
        return new TargetProbe(store, TimeSource.system(), Entropy.system()).probe("the target");
    }

    @Test
    void aFileSystemIsCreateOnlyAndHasNoChecksumsAndLetsDelete() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("target"));
        Files.createFile(folder.resolve("what-is-there"));
        try (var site = new Site(temp.resolve("site"))) {
            TargetCapabilities found = site.product.probeTarget(folder.toString());

            assertThat(found.isCreateOnly()).isTrue();
            assertThat(found.refusesExisting()).isTrue();
            assertThat(found.atomic()).isTrue();
            assertThat(found.wrongChecksumRejected()).isFalse();
            assertThat(found.deleteDenied()).isFalse();
            assertThat(found.listed()).isTrue();
            assertThat(found.rangesExact()).isTrue();
            assertThat(found.written()).isPositive();
            assertThat(found.read()).isPositive();
            assertThat(found.left()).isZero();
            assertThat(found.location()).isEqualTo(folder.toString());
            assertThat(site.product.probeTarget(folder.toUri().toString()).isCreateOnly())
                    .isTrue();
        }
        try (var left = Files.list(folder)) {
            assertThat(left.map(each -> each.getFileName().toString())).containsExactly("what-is-there");
        }
    }

    @Test
    void anS3TargetRefusesWrongChecksums() {
        try (var server = S3Server.start(temp.resolve("server"));
                var site = new Site(temp.resolve("site"))) {
            server.createBucket("probed");
            System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
            System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);

            TargetCapabilities found = site.product.probeTarget("s3://probed/ward/?endpoint=" + server.endpoint());

            assertThat(found)
                    .isEqualTo(new TargetCapabilities(
                            "s3://probed/ward", true, true, true, false, true, true, found.written(), found.read(), 0));
            assertThat(server.data("probed").resolve("ward")).doesNotExist();
        }
    }

    /** A target that promises everything and keeps little. */
    private static final class LyingStore implements ObjectStore {

        private final MemoryStore inner = new MemoryStore();

        @Override
        public String location() {
            return "lies";
        }

        @Override
        public PutOutcome putIfAbsent(ObjectName name, ObjectContent content) {
            inner.delete(name);
            return inner.putIfAbsent(name, content);
        }

        @Override
        public int read(ObjectName name, long offset, ByteBuffer target) {
            return inner.read(name, name.text().equals("range") ? 0 : offset, target);
        }

        @Override
        public OptionalLong length(ObjectName name) {
            return inner.length(name);
        }

        @Override
        public void list(String prefix, Consumer<ObjectInfo> visitor) {
            inner.names(prefix).reversed().forEach(name -> visitor.accept(new ObjectInfo(name, 4)));
        }

        @Override
        public boolean delete(ObjectName name) {
            throw ErrorCode.DELETION_REFUSED.because("never");
        }

        @Override
        public Optional<Questions> questions() {
            return Optional.of(name -> false);
        }

        @Override
        public boolean isEmpty() {
            return inner.isEmpty();
        }

        @Override
        public void close() {}
    }

    @Test
    void aTargetThatOverwritesAndNeverDeletesIsFoundOut() {
        TargetCapabilities found = probe(new LyingStore());

        assertThat(found.isCreateOnly()).isFalse();
        assertThat(found.refusesExisting()).isFalse();
        assertThat(found.atomic()).isFalse();
        assertThat(found.wrongChecksumRejected()).isFalse();
        assertThat(found.listed()).isFalse();
        assertThat(found.rangesExact()).isFalse();
        assertThat(found.deleteDenied()).isTrue();
        assertThat(found.left()).isGreaterThan(15);
    }

    @Test
    void aTargetThatFailsWhileItIsTriedFailsTheProbeAndIsCleaned() {
        var inner = new MemoryStore();
        var failing = new FaultyStore(
                inner,
                (call, name, number) -> name.startsWith("race/3") ? FaultyStore.Fault.FAILS : FaultyStore.Fault.NONE);

        assertThatThrownBy(() -> probe(failing))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        assertThat(inner.names()).isEmpty();
    }
}
