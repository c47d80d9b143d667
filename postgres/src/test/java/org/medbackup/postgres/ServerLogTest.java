package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLogTest {

    @TempDir
    Path folder;

    @Test
    void tellsTheClassOfTheLastFatalMessageAndNotItsWords() throws IOException {
        Path file = folder.resolve("server.log");
        Files.writeString(file, """
                2026-01-01 10:00:00.000 UTC [17] 00000 LOG:  starting
                2026-01-01 10:00:00.000 UTC [17] F0000 FATAL:  bad line "Jane Doe"
                2026-01-01 10:00:00.000 UTC [17] XX000 PANIC:  could not locate Jane Doe
                2026-01-01 10:00:00.000 UTC [17] 00000 LOG:  shut down
                """);

        assertThat(new ServerLog(file, 0).failure()).isEqualTo("PANIC XX000");
    }

    @Test
    void knowsMessagesThatComeBeforeThePrefixIsSet() throws IOException {
        Path file = Files.writeString(folder.resolve("server.log"), "2026-01-01 [17] FATAL:  no such file\n");

        assertThat(new ServerLog(file, 0).failure()).isEqualTo("FATAL");
    }

    @Test
    void readsOnlyWhatCameSinceTheStart() throws IOException {
        Path file = Files.writeString(
                folder.resolve("server.log"), "t [1] XX000 PANIC:  earlier\nAddress already in use\n");

        ServerLog log = ServerLog.from(file);

        assertThat(log.failure()).isEqualTo("none");
        assertThat(log.portTaken()).isFalse();
        Files.writeString(
                file, "x".repeat(100_000) + "Address already in use\n", java.nio.file.StandardOpenOption.APPEND);
        assertThat(log.portTaken()).isTrue();
    }

    @Test
    void aLogThatIsNotThereSaysNothing() {
        ServerLog log = ServerLog.from(folder.resolve("absent"));

        assertThat(log.start()).isZero();
        assertThat(log.failure()).isEqualTo("none");
    }

    @Test
    void aServerIsReadyWhenItsOwnLockFileSaysSo() throws IOException {
        Path file = folder.resolve("postmaster.pid");
        assertThat(PostmasterFile.saysReady(folder, 17)).isFalse();
        Files.writeString(file, "17\n/data\n0\n5432\n/run\n\n 1 2\n");
        assertThat(PostmasterFile.saysReady(folder, 17)).isFalse();
        Files.writeString(file, "17\n/data\n0\n5432\n/run\n\n 1 2\nstarting\n");
        assertThat(PostmasterFile.saysReady(folder, 17)).isFalse();
        Files.writeString(file, "17\n/data\n0\n5432\n/run\n\n 1 2\nready   \n");
        assertThat(PostmasterFile.saysReady(folder, 17)).isTrue();
        assertThat(PostmasterFile.saysReady(folder, 18)).isFalse();
    }
}
