package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Choice;

class DataSelectionTest {

    @TempDir
    Path root;

    @BeforeEach
    void unloggedRelations() throws IOException {
        for (String folder : new String[] {"base/5", "PG_18_1/5", "pg_tblspc/77/PG_18_1/5", "log"}) {
            Files.createDirectories(root.resolve(folder));
            Files.createFile(root.resolve(folder).resolve("100_init"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // folders of the running server only
        "pg_wal, true, FOLDER_ONLY",
        "pg_wal, false, OMIT",
        "pg_replslot, true, FOLDER_ONLY",
        "pg_stat_tmp, true, FOLDER_ONLY",
        "pg_subtrans, true, FOLDER_ONLY",
        "base/5/pg_wal, true, TAKE",
        // files that would mislead
        "postmaster.pid, false, OMIT",
        "backup_label, false, OMIT",
        "standby.signal, false, OMIT",
        "log/postmaster.pid, false, TAKE",
        "backup_label.old, false, TAKE",
        "postgresql.auto.conf, false, TAKE",
        "postgresql.auto.conf.tmp, false, OMIT",
        // temporary
        "base/pgsql_tmp, true, OMIT",
        "base/5/pgsql_tmp123.4, false, OMIT",
        "base/5/pg_internal.init, false, OMIT",
        "global/pg_internal.init.99, false, OMIT",
        "base/5/t3_200, false, OMIT",
        "base/5/t3_200_fsm, false, OMIT",
        "base/5/t3_200.1, false, OMIT",
        "log/t3_200, false, TAKE",
        // unlogged
        "base/5/100, false, OMIT",
        "base/5/100.1, false, OMIT",
        "base/5/100_fsm, false, OMIT",
        "base/5/100_vm.1, false, OMIT",
        "base/5/100_init, false, TAKE",
        "base/5/100_init.1, false, TAKE",
        "base/5/1001, false, TAKE",
        "PG_18_1/5/100, false, OMIT",
        "pg_tblspc/77/PG_18_1/5/100, false, OMIT",
        "log/100, false, TAKE",
        // the rest
        "base/5/200, false, TAKE",
        "base/5/200_vm, false, TAKE",
        "base/5, true, TAKE",
        "global/1260, false, TAKE",
        "global/pg_control, false, OMIT",
        "base/5/PG_VERSION, false, TAKE",
        "pg_xact, true, TAKE",
    })
    void choosesAsPgBasebackupDoes(String path, boolean folder, Choice expected) {
        assertThat(new DataSelection(root, () -> {}).choose(PathBytes.of(path), folder))
                .isEqualTo(expected);
    }

    @Test
    void endsTheCopyWhenTheBackupIsLost() {
        var selection = new DataSelection(root, () -> {
            throw new IllegalStateException("lost");
        });

        assertThatIllegalStateException().isThrownBy(() -> selection.choose(PathBytes.of("base"), true));
    }
}
