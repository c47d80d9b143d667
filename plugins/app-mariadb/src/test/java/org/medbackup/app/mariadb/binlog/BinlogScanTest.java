package org.medbackup.app.mariadb.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is noted of a file, and where in it a recovery ends. */
class BinlogScanTest {

    @TempDir
    Path temp;

    private static Gtid gtid(long sequence) {
        return new Gtid(0, 7, sequence);
    }

    private Path file() {
        return temp.resolve("clinic-bin.000002");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void statesAndTimesOfAFileAreNoted(boolean checksums) throws IOException {
        new TestLog(100, checksums, gtid(4))
                .transaction(101, gtid(5))
                .transaction(103, new Gtid(1, 9, 1))
                .rotate(102, "clinic-bin.000003")
                .write(file());

        BinlogScan scan = BinlogScan.of(file());

        assertThat(scan.begins()).hasToString("0-7-4");
        assertThat(scan.ends()).hasToString("0-7-5,1-9-1");
        assertThat(scan.length()).isEqualTo(Files.size(file()));
        assertThat(scan.next()).isEqualTo("clinic-bin.000003");
        assertThat(scan.isClosed()).isTrue();
        assertThat(scan.groups()).isEqualTo(2);
        assertThat(scan.format().version()).isEqualTo("10.11.19-MariaDB");
        assertThat(scan.format().inUse()).isTrue();
        assertThat(scan.facts())
                .containsEntry("newest", "103")
                .containsEntry("created", "100")
                .containsEntry("begins", "0-7-4");
        assertThat(FileFormat.of(file()).digest())
                .isEqualTo(scan.format().digest())
                .hasSize(16);
    }

    @Test
    void aFileThatWasChangedOrCutIsNoFile() throws IOException {
        byte[] whole = new TestLog(100, true).transaction(101, gtid(1)).content();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 0x10;
            Files.write(file(), changed);
            // Of the first event the mark of a file that is written still is the one thing that may differ.
            if (at != 4 + 17) {
                assertThatThrownBy(() -> BinlogScan.of(file())).as("byte " + at).isInstanceOf(IOException.class);
            }
        }
        int ends = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            try {
                BinlogScan.of(file());
                ends++;
            } catch (MalformedBinlog cut) {
                assertThat(cut).hasMessageContaining("it");
            }
        }
        // Between events it may be cut: that is a file which is written still.
        assertThat(ends).isEqualTo(5);
    }

    @Test
    void eventsThatTellTooLittleAreRefused() {
        for (int type : new int[] {BinlogReader.GTID, BinlogReader.GTID_LIST}) {
            new TestLog(100, true).event(101, type, new byte[3]).write(file());
            assertThatThrownBy(() -> BinlogScan.of(file())).hasMessageContaining("too short");
        }
        byte[] list = {9, 0, 0, 0};
        new TestLog(100, true).event(101, BinlogReader.GTID_LIST, list).write(file());
        assertThatThrownBy(() -> BinlogScan.of(file())).hasMessageContaining("too short");
    }

    @Test
    void anEventLargerThanMemoryAllowsIsPassedAndCheckedAllTheSame() throws IOException {
        byte[] rows = new byte[5 * 1024 * 1024];
        TestLog log = new TestLog(100, true).event(101, TestLog.QUERY, rows).transaction(102, gtid(1));
        log.write(file());
        assertThat(BinlogScan.of(file()).length()).isEqualTo(log.length());
        byte[] changed = log.content();
        changed[changed.length / 2 + 2_000_000] ^= 1;
        Files.write(file(), changed);
        assertThatThrownBy(() -> BinlogScan.of(file())).hasMessageContaining("checksum");
    }

    @Test
    void aServerThatIsShutDownClosesItsFile() throws IOException {
        new TestLog(100, true).event(101, BinlogReader.STOP, new byte[0]).write(file());
        assertThat(BinlogScan.of(file()).isClosed()).isTrue();
        new TestLog(100, true).event(101, BinlogReader.ROTATE, new byte[3]).write(file());
        assertThat(BinlogScan.of(file()).isClosed()).isFalse();
    }

    @Test
    void aRecoveryEndsBetweenTwoTransactions() throws IOException {
        TestLog log = new TestLog(100, true).transaction(101, gtid(1));
        long first = log.length();
        log.transaction(105, gtid(2));
        long second = log.length();
        log.event(107, BinlogReader.CHECKPOINT, new byte[20]).transaction(103, gtid(3));
        long third = log.length();
        log.rotate(108, "clinic-bin.000003").write(file());

        assertThat(StopPoint.in(file(), new LogTarget.End(), 0)).isEqualTo(stop(log.length(), 103));
        assertThat(StopPoint.in(file(), new LogTarget.Before(105), 0)).isEqualTo(stop(first, 101));
        // In the order of the log: what comes behind the first event of a later time does not count.
        assertThat(StopPoint.in(file(), new LogTarget.Before(106), 0)).isEqualTo(stop(second, 105));
        assertThat(StopPoint.in(file(), new LogTarget.Before(108), 0)).isEqualTo(stop(third, 103));
        assertThat(StopPoint.in(file(), new LogTarget.Before(1), 0).time()).isNull();
        assertThat(StopPoint.in(file(), place(second), 0)).isEqualTo(stop(second, 105));
        assertThat(StopPoint.in(file(), place(second - 1), 0)).isEqualTo(stop(first, 101));
        assertThat(StopPoint.in(file(), place(first), first)).isEqualTo(new StopPoint(first, null));
        assertThat(StopPoint.in(file(), new LogTarget.Transactions(List.of(gtid(2))), 0)
                        .offset())
                .isEqualTo(second);
        assertThat(StopPoint.in(file(), new LogTarget.Transactions(List.of(gtid(3))), second)
                        .offset())
                .isEqualTo(third);
    }

    private static LogTarget place(long offset) {
        return new LogTarget.Place("clinic-bin.000002", offset);
    }

    private static StopPoint stop(long offset, long second) {
        return new StopPoint(offset, Instant.ofEpochSecond(second));
    }
}
