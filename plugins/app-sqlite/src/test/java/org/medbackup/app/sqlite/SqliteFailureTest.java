package org.medbackup.app.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class SqliteFailureTest {

    private static final Duration BUSY = Duration.ofMillis(100);

    @TempDir
    Path temp;

    private static void fails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private Path database() throws SQLException {
        Path file = temp.resolve("notes.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE note (text TEXT)");
            statement.execute("INSERT INTO note VALUES ('one')");
        }
        return file;
    }

    @Test
    void aDatabaseThatIsNotThereIsNotMade() {
        Path absent = temp.resolve("absent.db");

        fails(ErrorCode.APPLICATION_UNREACHABLE, () -> Sqlite.open(absent, true, BUSY));
        assertThat(absent).doesNotExist();
    }

    @Test
    void aFileThatIsNoDatabaseIsToldApart() throws IOException {
        Path text = Files.writeString(temp.resolve("text.db"), "no database at all ".repeat(100));

        fails(ErrorCode.APPLICATION_NOT_READY, () -> {
            try (Sqlite sqlite = Sqlite.open(text, true, BUSY)) {
                sqlite.ask("check", "SELECT count(*) FROM sqlite_master");
            }
        });
    }

    @Test
    void aStatementThatCannotBeUnderstoodIsAFailureAndNoRowIsEmpty() throws SQLException {
        try (Sqlite sqlite = Sqlite.open(database(), true, BUSY)) {
            fails(ErrorCode.APPLICATION_FAILED, () -> sqlite.ask("check", "SELEKT"));
            assertThat(sqlite.ask("check", "SELECT text FROM note WHERE text = 'two'"))
                    .isEmpty();
            assertThat(sqlite.ask("check", "SELECT text FROM note")).isEqualTo("one");
        }
    }

    @Test
    void aCopyThatCannotBeMadeIsAFailure() throws SQLException {
        try (Sqlite sqlite = Sqlite.open(database(), true, BUSY)) {
            assertThatThrownBy(() -> sqlite.copyTo(temp.resolve("nowhere").resolve("copy.db"), BUSY))
                    .isInstanceOf(BackupException.class);
        }
    }
}
