package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.core.spi.store.CopyLedger.Missing;

class CopyRecordTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    Path state;

    @Test
    void whatIsToBeCopiedIsKnownToTheNextProcessUntilItIsThere() {
        var later = new Missing("bb01", "", "vault", NOON.plusSeconds(1));
        var back = new Missing("aa02", "vault", CopyLedger.REPOSITORY, NOON);
        var record = new CopyRecord(state);
        assertThat(record.missing()).isEmpty();

        record.wanted(later);
        record.wanted(back);
        // The same one again is missing since it was first.
        record.wanted(new Missing("aa02", "vault", CopyLedger.REPOSITORY, NOON.plusSeconds(9)));

        assertThat(new CopyRecord(state).missing()).containsExactly(back, later);
        record.settled("aa02", CopyLedger.REPOSITORY);
        record.settled("aa02", CopyLedger.REPOSITORY);
        assertThat(new CopyRecord(state).missing()).containsExactly(later);
    }

    @Test
    void whatAKilledProcessLeftHalfWrittenCountsForNothing() throws IOException {
        var record = new CopyRecord(state);
        record.wanted(new Missing("aa02", "", "vault", NOON));
        Files.writeString(state.resolve("copies/.draft-1"), "va");

        assertThat(record.missing()).hasSize(1);
    }

    @Test
    void aRecordThatIsNoneIsNotTakenForOne() throws IOException {
        var record = new CopyRecord(state);
        record.wanted(new Missing("aa02", "", "vault", NOON));
        Files.writeString(state.resolve("copies/bb02@vault"), "repository\nyesterday\n");

        Site.failure(ErrorCode.STATE_UNUSABLE, record::missing);
    }

    @Test
    void aStateFolderThatCannotBeUsedIsNamed() throws IOException {
        // A folder with something in it is nothing that could be deleted like a record.
        Files.createDirectories(state.resolve("copies/aa02@vault/full"));
        Site.failure(ErrorCode.STATE_UNUSABLE, () -> new CopyRecord(state).settled("aa02", "vault"));
    }

    @Test
    void aStateFolderThatIsNoneIsNamed() throws IOException {
        Files.writeString(state.resolve("copies"), "no folder");
        var record = new CopyRecord(state);

        Site.failure(ErrorCode.STATE_UNUSABLE, () -> record.wanted(new Missing("aa02", "", "vault", NOON)));
        Site.failure(ErrorCode.STATE_UNUSABLE, record::missing);
    }
}
