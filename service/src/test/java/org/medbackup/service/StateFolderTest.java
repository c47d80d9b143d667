package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;

class StateFolderTest {

    @TempDir
    Path temp;

    private static Settings settings(Path state) {
        return Settings.of(state, new Actor("cron", "backup01", null, null));
    }

    private static void open(Path state) {
        MedBackup.open(settings(state)).close();
    }

    @Test
    void onlyTheOwnerMayLookIntoANewStateFolder() throws IOException {
        Path state = temp.resolve("deep/er/state");

        open(state);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("host.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void theKeyOfTheHostIsMadeOnce() {
        open(temp);
        String key = Site.read(temp.resolve("host.key"));

        open(temp);

        assertThat(Site.read(temp.resolve("host.key"))).isEqualTo(key).matches("[0-9a-f]{64}\n");
    }

    @Test
    void ofManyThatMakeTheKeyAtOnceAllGetTheSame() throws InterruptedException {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        var threads = new java.util.ArrayList<Thread>();
        for (int number = 0; number < 8; number++) {
            threads.add(Thread.ofPlatform().start(() -> {
                var key = new StateFolder(temp, Entropy.system()).hostKey();
                keys.add(key.use(java.util.HexFormat.of()::formatHex));
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(keys).hasSize(1);
        assertThat(temp).isDirectoryNotContaining("glob:**/.host-key-*");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsNamed() {
        Path state = Site.write(temp.resolve("file"), new byte[0]).resolve("state");

        BackupException failure = Site.failure(ErrorCode.STATE_UNUSABLE, () -> open(state));

        assertThat(failure.describe()).contains(state.toString());
    }

    @Test
    void aMalformedKeyIsNotReplaced() {
        for (String malformed : new String[] {"", "12", "no hexadecimal digits"}) {
            Path key =
                    Site.write(temp.resolve("host.key"), malformed.getBytes(java.nio.charset.StandardCharsets.UTF_8));

            assertThat(Site.failure(ErrorCode.STATE_UNUSABLE, () -> open(temp)).describe())
                    .contains("restore it from a backup");
            assertThat(Site.read(key)).isEqualTo(malformed);
        }
    }

    @Test
    void aKeyThatCannotBeReadIsAFailure() throws IOException {
        Files.createDirectory(temp.resolve("host.key"));

        Site.failure(ErrorCode.STATE_UNUSABLE, () -> open(temp));
    }

    @Test
    void withoutAKeyThereIsNoTrailToProve() {
        Site.failure(ErrorCode.STATE_UNUSABLE, () -> MedBackup.verifyAudit(temp.resolve("nothing")));
        assertThat(temp.resolve("nothing")).doesNotExist();
    }
}
