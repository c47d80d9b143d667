package org.medbackup.app.sqlserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Cut;
import org.medbackup.core.spi.app.CopySink.TreeCopy;

/** Backups that the server writes itself, into a folder from which they are copied, or into an object store. */
final class StreamingWay {

    private static final Duration QUESTION = Duration.ofSeconds(30);

    private final Session session;
    private final List<Instance.Database> chosen;
    private final Backups backups;
    private final @Nullable Secret s3Key;
    private final TimeSource time;
    private final Map<String, String> evidence = new TreeMap<>();

    StreamingWay(
            Session session, List<Instance.Database> chosen, Backups backups, @Nullable Secret s3Key, TimeSource time) {
        this.session = session;
        this.chosen = chosen;
        this.backups = backups;
        this.s3Key = s3Key;
        this.time = time;
    }

    /** Sees to the credential of an object store. */
    void prepare(Deadline deadline) {
        if (backups.settings().url().isEmpty()) {
            return;
        }
        List<String> found = session.rows(
                "credential",
                deadline,
                row -> row.getString(1),
                "SELECT name FROM sys.credentials WHERE name = " + Sql.text(backups.credentialName()));
        if (found.isEmpty()) {
            session.run("credential", deadline, backups.credential(s3Key));
        }
    }

    void copy(CopySink sink) {
        List<RestoreScript.Part> parts = new ArrayList<>();
        Settings settings = backups.settings();
        for (int i = 0; i < chosen.size(); i++) {
            String database = chosen.get(i).name();
            String file = backups.file(database, i, settings.kind());
            session.runLong("backup", backups.statement(database, file, settings.kind(), !settings.ownsChain()));
            session.runLong("verification", backups.verification(file));
            note(i, database, file, sink.before());
            parts.add(new RestoreScript.Part(database, file, Settings.label(settings.kind())));
        }
        byte[] script = RestoreScript.of(parts).getBytes(StandardCharsets.UTF_8);
        if (settings.url().isEmpty()) {
            handOver(script, sink);
        } else {
            var attributes = new CopySink.StreamAttributes(0, 0, 0600, time.now());
            PathBytes as = PathBytes.of("/" + backups.prefix() + "restore.sql");
            sink.stream(as, new ByteArrayInputStream(script), attributes, Cut.CONTENT);
        }
    }

    private void handOver(byte[] script, CopySink sink) {
        Path folder = backups.folder();
        byte[] prefix = backups.prefix().getBytes(StandardCharsets.UTF_8);
        sink.tree(new TreeCopy(
                folder,
                SqlServerApplication.path(folder),
                (below, isFolder) -> !isFolder && starts(below, prefix) ? Choice.TAKE : Choice.OMIT,
                Cut.CONTENT,
                false));
        String like = evidence.getOrDefault("file.0", "");
        sink.content(
                SqlServerApplication.path(folder.resolve(backups.prefix() + "restore.sql")),
                script,
                PathBytes.of(like));
    }

    private static boolean starts(PathBytes name, byte[] prefix) {
        byte[] bytes = name.bytes();
        return bytes.length >= prefix.length
                && java.util.Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private void note(int i, String database, String file, Map<String, String> before) {
        Deadline deadline = Deadline.after(time, QUESTION);
        History.Backup listed = History.named(session, database, backups.name(), deadline);
        if (listed == null) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the server does not list the backup that it has just made");
        }
        if (backups.settings().kind() == Settings.Kind.LOG) {
            requireChain(database, listed, before);
        }
        evidence.put("first_lsn." + i, listed.first());
        evidence.put("last_lsn." + i, listed.last());
        evidence.put("base_lsn." + i, listed.base());
        evidence.put("file." + i, file);
        evidence.put("kind." + i, Settings.label(backups.settings().kind()));
    }

    /** The log goes on where the restore point before ended, or somebody else has taken a part of it. */
    private static void requireChain(String database, History.Backup listed, Map<String, String> before) {
        for (Map.Entry<String, String> each : before.entrySet()) {
            String number =
                    each.getKey().startsWith("database.") ? each.getKey().substring(9) : "";
            String last = before.get("last_lsn." + number);
            boolean log = "log".equals(before.get("kind." + number));
            if (each.getValue().equals(database) && log && last != null && !last.equals(listed.first())) {
                throw ErrorCode.APPLICATION_LOG_GAP.because("somebody else has taken a part of the log");
            }
        }
    }

    Map<String, String> verified() {
        return evidence;
    }

    /** Removes what the server wrote for this run, of which the restore point has its copy. */
    void close() {
        Path folder = backups.settings().folder();
        if (folder == null || !backups.settings().url().isEmpty() || !Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                if (each.getFileName().toString().startsWith(backups.prefix())) {
                    Files.delete(each);
                }
            }
        } catch (IOException stays) {
            throw ErrorCode.APPLICATION_FAILED.because("files of the backup cannot be removed from the folder", stays);
        }
    }
}
