package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.CapacityException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.corpus.Bytes;
import org.medbackup.testkit.FewBuffers;
import org.medbackup.testkit.MemoryStore;

/** Where there is room for few packs, a backup takes its time and never more room; with less than one it says so. */
@Timeout(60)
class FewBuffersTest {

    private static final int PACK = 8 << 20;

    @TempDir
    Path temp;

    private Path source;
    private Sandbox sandbox;

    /** Each file of a name that ends in its number has a placement of its own, of five. */
    private static final class ByNumber implements PlacementPolicy {

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            Placement usual = PlacementPolicy.single().place(file, head);
            String path = file.path().toString();
            int generation = 1 + Character.digit(path.charAt(path.length() - 1), 10) % 5;
            return new Placement(usual.keyDomain(), usual.tier(), usual.retentionClass(), generation);
        }

        @Override
        public String digest() {
            return "cd".repeat(32);
        }
    }

    @BeforeEach
    void files() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        for (int i = 0; i < 10; i++) {
            Files.write(source.resolve("file" + i), Bytes.random(i, 1_300_000));
        }
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    private Repository open(Throttle throttle, Path state) {
        return Repository.open(
                sandbox.store,
                Sandbox.under(Sandbox.context(state), throttle),
                new Credential.KeyFile(sandbox.writerKey()),
                Sandbox.SILENT);
    }

    private String backup(Throttle throttle, String name) {
        try (Repository repository = open(throttle, temp.resolve(name))) {
            BackupRequest request = BackupRequest.of(name, List.of(Sandbox.path(source)));
            return repository
                    .backup(request.placedBy(new ByNumber()), Sandbox.SILENT)
                    .snapshot();
        }
    }

    @ParameterizedTest(name = "room for {0}")
    @ValueSource(ints = {1, 2, 3})
    void aBackupOfSixKindsOfPacksNeedsRoomForOneAndNeverTakesMore(int packs) throws IOException {
        var throttle = new FewBuffers(packs * PACK);

        String id = backup(throttle, "one");

        assertThat(throttle.fullest()).isBetween(PACK / 2, packs * PACK);
        assertThat(throttle.taken()).isZero();
        sandbox.restore(id, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
    }

    @Test
    void twoBackupsThatShareTheRoomForTwoBothFinish() throws Exception {
        var throttle = new FewBuffers(2 * PACK);
        try (var pool = Executors.newFixedThreadPool(2)) {
            Future<String> one = pool.submit(() -> backup(throttle, "one"));
            Future<String> two = pool.submit(() -> backup(throttle, "two"));

            assertThat(List.of(one.get(), two.get())).doesNotHaveDuplicates();
        }
        assertThat(throttle.fullest()).isLessThanOrEqualTo(2 * PACK);
        assertThat(throttle.taken()).isZero();
        assertThat(sandbox.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
    }

    @Test
    void aCopyAndACollectionThatRewritesKeepToIt() throws IOException {
        sandbox.backup(source);
        for (int i = 0; i < 10; i++) {
            if (i % 4 != 0) {
                Files.write(source.resolve("file" + i), Bytes.random(100 + i, 1_300_000));
            }
        }
        String second = sandbox.backup(source).snapshot();
        var collecting = new FewBuffers(PACK);
        try (Repository repository = asOwner(collecting)) {
            repository.forget(new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO), false, Sandbox.SILENT);
            assertThat(repository
                            .collect(CollectRequest.usual(), Sandbox.SILENT)
                            .packs()
                            .rewritten())
                    .isPositive();
        }
        var copying = new FewBuffers(PACK + (PACK >> 3));
        var other = new MemoryStore();
        try (Repository repository = asOwner(copying)) {
            repository.copy(second, other, Sandbox.SILENT);
        }

        assertThat(collecting.fullest()).isEqualTo(PACK);
        assertThat(collecting.taken()).isZero();
        assertThat(copying.fullest()).isBetween(PACK / 2, PACK + (PACK >> 3));
        assertThat(copying.taken()).isZero();
    }

    private Repository asOwner(Throttle throttle) {
        return Repository.open(
                sandbox.store,
                Sandbox.under(sandbox.context, throttle),
                new Credential.Password(Sandbox.password()),
                Sandbox.SILENT);
    }

    @Test
    void roomForLessThanAPackIsAnErrorAndNotAWait() {
        assertThatThrownBy(() -> backup(new FewBuffers(PACK / 2), "one"))
                .isInstanceOfSatisfying(
                        CapacityException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL));
    }
}
