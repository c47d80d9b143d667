package org.medbackup.app.postgresql;

import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;

/** Where a server's configuration stands: some distributions keep it outside the data directory. */
final class ConfigurationFiles {

    private ConfigurationFiles() {}

    /** The main files and those that they include. */
    static Stream<String> of(Cluster server, Session session, Deadline deadline) {
        Stream<String> main = Stream.of("config_file", "hba_file", "ident_file")
                .map(name -> server.settings().getOrDefault(name, ""))
                .filter(file -> !file.isEmpty());
        try {
            List<String> included = session.rows(
                    "configuration",
                    deadline,
                    row -> row.getString(1),
                    "SELECT DISTINCT sourcefile FROM pg_catalog.pg_file_settings WHERE sourcefile IS NOT NULL");
            return Stream.concat(main, included.stream());
        } catch (BackupException notAllowed) {
            // Only a superuser may see which files are included.
            return main;
        }
    }
}
