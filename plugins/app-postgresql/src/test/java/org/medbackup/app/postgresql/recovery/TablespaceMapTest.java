package org.medbackup.app.postgresql.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class TablespaceMapTest {

    @TempDir
    Path root;

    @Test
    void movesPlacesBelowTheRootByteForByte() {
        var map = new TablespaceMap(root, Path.of("/re\\stored"));

        assertThat(moved(map, "16384 /mnt/fast\n16385 /mnt/with blank\n"))
                .isEqualTo("16384 /re\\\\stored/mnt/fast\n16385 /re\\\\stored/mnt/with blank\n");
        assertThat(moved(map, "1 /a\\\\b\\\nc\n")).isEqualTo("1 /re\\\\stored/a\\\\b\\\nc\n");
        assertThat(moved(map, "1 /last-without-end")).isEqualTo("1 /re\\\\stored/last-without-end\n");
        assertThat(moved(map, "1 /m\u00fcnchen\n")).contains("/m\u00fcnchen");
        assertThat(moved(map, "")).isEmpty();
    }

    @Test
    void whatIsBelowTheRootAlreadyStays() {
        var map = new TablespaceMap(root, Path.of("/restored"));

        assertThat(moved(map, "1 /restored/mnt/fast\n")).isEqualTo("1 /restored/mnt/fast\n");
        assertThat(moved(map, "1 /restored-too/fast\n")).isEqualTo("1 /restored/restored-too/fast\n");
        assertThat(moved(map, "1 /restored\n")).isEqualTo("1 /restored/restored\n");
    }

    @Test
    void redirectsMapAndLinks() throws IOException {
        Path data = Files.createDirectories(root.resolve("data"));
        Files.createDirectories(data.resolve("pg_tblspc"));
        Files.createDirectories(root.resolve("mnt/fast"));
        Files.createSymbolicLink(data.resolve("pg_tblspc/16384"), Path.of("/mnt/fast"));
        Files.writeString(data.resolve("tablespace_map"), "16384 /mnt/fast\n");
        var map = new TablespaceMap(data, root);

        assertThat(map.redirect()).containsExactly(root.resolve("mnt/fast"));
        assertThat(map.redirect()).containsExactly(root.resolve("mnt/fast"));

        assertThat(Files.readSymbolicLink(data.resolve("pg_tblspc/16384"))).isEqualTo(root.resolve("mnt/fast"));
        assertThat(data.resolve("tablespace_map")).hasContent("16384 " + root + "/mnt/fast\n");
    }

    @Test
    void aTablespaceThatWasNotRestoredIsNotTakenFromProduction() throws IOException {
        Path production = Files.createDirectories(root.resolve("production"));
        Path data = Files.createDirectories(root.resolve("restored/data"));
        Files.createDirectories(data.resolve("pg_tblspc"));
        Files.createSymbolicLink(data.resolve("pg_tblspc/16384"), production);

        assertThatThrownBy(() -> new TablespaceMap(data, root.resolve("restored")).redirect())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        missing -> assertThat(missing.code()).isEqualTo(ErrorCode.RESTORED_APPLICATION_INVALID));
    }

    @Test
    void aFolderThatIsNoClusterIsTold() {
        assertThatThrownBy(() -> new TablespaceMap(root, root).redirect()).hasMessageContaining("redirected");
    }

    @Test
    void inTheirOwnPlaceTheyAreRight() {
        assertThat(new TablespaceMap(root, Path.of("/")).redirect()).isEmpty();
    }

    private static String moved(TablespaceMap map, String content) {
        return new String(map.moved(content.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }
}
