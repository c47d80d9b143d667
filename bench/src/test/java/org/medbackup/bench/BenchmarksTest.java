package org.medbackup.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;

class BenchmarksTest {

    @TempDir
    Path temp;

    @Test
    void thePipelineIsMeasuredOnProcessorTime() {
        Measurement measured = Benchmarks.run("pipeline", Benchmarks.Size.SMALL);

        assertThat(measured.name()).isEqualTo("pipeline");
        assertThat(measured.samples()).hasSize(3).allMatch(rate -> rate > 1);
        assertThat(measured.value()).isEqualTo(Measurement.median(measured.samples()));
    }

    @Test
    void theScanIsMeasuredBesideTheSameCallsInC() {
        Measurement measured = Benchmarks.run("scan", Benchmarks.Size.SMALL);

        assertThat(measured.samples()).hasSize(3).allMatch(rate -> rate > 1000);
        assertThat(measured.details()).containsEntry("entries", 2011.0).containsKeys("referenceInC", "ratioToC");
    }

    @Test
    void filesAreClassifiedFarBelowFiftyMillisecondsEach() {
        Measurement measured = Benchmarks.run("classify", Benchmarks.Size.SMALL);

        assertThat(measured.samples()).hasSize(3).allMatch(rate -> rate > 100);
        assertThat(measured.details()).containsEntry("files", 2000.0);
        assertThat(measured.details().get("p99.9.microseconds")).isLessThan(50_000);
        assertThat(measured.details())
                .containsKeys("p50.microseconds", "cold.filesPerSecond", "cold.readsPerSecond", "wall.filesPerSecond");
    }

    @Test
    void theGovernorNeverLetsMoreThroughThanTheLimitAfterItWasIdle() {
        Measurement measured = Benchmarks.run("governor", Benchmarks.Size.SMALL);

        assertThat(measured.samples()).hasSize(1).allMatch(highest -> highest > 0 && highest <= 1);
        assertThat(measured.details()).containsEntry("highest", measured.value());
        assertThat(measured.details()).containsKey("medbackup.10MB/s.4 threads.mean");
    }

    @Test
    void aBenchmarkThatIsNotThereIsNamedWithThoseThatAre() {
        assertThat(Benchmarks.names()).containsExactly("pipeline", "scan", "classify", "governor");
        assertThatThrownBy(() -> Benchmarks.run("luck", Benchmarks.Size.SMALL))
                .isInstanceOfSatisfying(BackupException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.USAGE);
                    assertThat(failure).hasMessageContaining("pipeline, scan, classify, governor");
                });
    }

    @Test
    void theMedianIsTheMiddleOrBetweenTheTwoMiddleOnes() {
        assertThat(Measurement.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2.0);
        assertThat(Measurement.of("x", "y", List.of(4.0, 1.0, 2.0, 3.0), Map.of())
                        .value())
                .isEqualTo(2.5);
    }

    @Test
    void theReferenceMustFindTheSameEntries() throws Exception {
        Files.createDirectories(temp.resolve("tree/a"));
        Optional<CReference> reference = CReference.compile(temp);

        assertThat(reference).isPresent();
        assertThat(reference.get().entriesPerSecond(temp.resolve("tree"), 2)).isPositive();
        assertThatThrownBy(() -> reference.get().entriesPerSecond(temp.resolve("tree"), 3))
                .isInstanceOf(BackupException.class);
    }

    @Test
    void theStoreOfABenchmarkForgetsPacksOnly() {
        var store = new NowhereStore();
        ObjectContent content = ObjectContent.of(new byte[] {1, 2, 3});
        ObjectName small = ObjectName.of("s/x");

        assertThat(store.isEmpty()).isTrue();
        assertThat(store.putIfAbsent(ObjectName.of("d/ab/x"), content)).isEqualTo(PutOutcome.CREATED);
        assertThat(store.putIfAbsent(small, content)).isEqualTo(PutOutcome.CREATED);
        assertThat(store.putIfAbsent(small, content)).isEqualTo(PutOutcome.EXISTED);

        assertThat(store.length(ObjectName.of("d/ab/x"))).isEmpty();
        assertThat(store.length(small)).hasValue(3);
        ByteBuffer target = ByteBuffer.allocate(2);
        assertThat(store.read(small, 1, target)).isEqualTo(2);
        assertThat(target.array()).containsExactly(2, 3);
        assertThat(store.read(small, 9, ByteBuffer.allocate(2))).isZero();
        store.list("s/", info -> assertThat(info.name()).isEqualTo(small));
        assertThatThrownBy(() -> store.read(ObjectName.of("d/ab/x"), 0, target)).isInstanceOf(BackupException.class);
        assertThat(store.delete(small)).isTrue();
        assertThat(store.location()).isEqualTo("nowhere");
        store.close();
    }
}
