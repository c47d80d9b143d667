package org.medbackup.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.corpus.FileTree;
import org.medbackup.corpus.RandomTree;
import org.medbackup.corpus.Seeds;
import org.medbackup.corpus.TreeOnDisk;

class RoundTripTest {

    @TempDir
    Path temp;

    static LongStream seeds() {
        return Seeds.of(4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatWasBackedUpComesBack(long seed) throws IOException {
        FileTree tree = RandomTree.of(seed);
        Path source = Files.createDirectory(temp.resolve("source"));
        TreeOnDisk.write(tree, source);
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();

        BackupResult backup = sandbox.backup(source);
        RestoreResult restore = sandbox.restore(backup.snapshot(), source, temp.resolve("target"));

        assertThat(backup.errors()).isEmpty();
        assertThat(restore.failures()).isEmpty();
        assertThat(TreeListing.of(temp.resolve("target"))).isEqualTo(TreeListing.of(source));
        VerifyResult verified = sandbox.verify(VerifyLevel.RESTORE);
        assertThat(verified.damaged()).isEmpty();
        assertThat(verified.snapshots()).containsExactly(backup.snapshot());
    }

    @Test
    void aSecondRunReadsNothingAndAddsNothing() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        TreeOnDisk.write(RandomTree.of(7), source);
        Sandbox sandbox = new Sandbox(temp.resolve("state")).create();
        BackupResult first = sandbox.backup(source);

        org.medbackup.core.TimeSource.system().sleep(java.time.Duration.ofMillis(2100));
        BackupResult second = sandbox.backup(source);
        BackupResult third = sandbox.backup(source);

        assertThat(second.parent()).isEqualTo(first.snapshot());
        assertThat(third.bytes().read()).isZero();
        assertThat(third.files().unmodified()).isEqualTo(first.files().added());
        assertThat(third.bytes().added()).isLessThanOrEqualTo(Sandbox.PAGE_OF_FOLDERS_ABOVE);
    }
}
