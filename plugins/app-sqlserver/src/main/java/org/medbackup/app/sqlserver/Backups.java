package org.medbackup.app.sqlserver;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * The statements of streaming backups (Microsoft's documentation, "BACKUP (Transact-SQL)" and "SQL Server back up to URL for
 * S3-compatible object storage").
 *
 * @param settings what is backed up, and to where
 * @param run of the backup
 */
record Backups(Settings settings, String run) {

    private static final String OPTIONS = "CHECKSUM, COMPRESSION, FORMAT, STATS = 10";

    /** Names of files and objects hold no more than these. */
    static String plain(String text) {
        return text.replaceAll("[^A-Za-z0-9_-]", "_");
    }

    /** What every file of this run begins with. */
    String prefix() {
        return "medbackup-" + plain(run) + "-";
    }

    /** The name of one backup in the server's own list. */
    String name() {
        return History.OURS + run;
    }

    /**
     * Where one backup goes.
     *
     * @param number keeps databases apart whose names differ in odd characters only
     */
    String file(String database, int number, Settings.Kind kind) {
        String name = prefix() + number + "-" + plain(database) + (kind == Settings.Kind.LOG ? ".trn" : ".bak");
        return settings.url().isEmpty()
                ? folder().resolve(name).toString()
                : settings.url().replaceAll("/+$", "") + "/" + name;
    }

    Path folder() {
        Path folder = settings.folder();
        if (folder == null) {
            throw ErrorCode.USAGE.because("the option folder is missing: the server writes there");
        }
        return folder;
    }

    String device(String file) {
        return (file.startsWith("s3://") ? "URL = " : "DISK = ") + Sql.text(file);
    }

    String statement(String database, String file, Settings.Kind kind, boolean copyOnly) {
        String what = kind == Settings.Kind.LOG ? "BACKUP LOG " : "BACKUP DATABASE ";
        String with = (kind == Settings.Kind.DIFFERENTIAL ? "DIFFERENTIAL, " : "") + (copyOnly ? "COPY_ONLY, " : "");
        return what + Sql.name(database) + " TO " + device(file) + " WITH " + with + OPTIONS + ", NAME = "
                + Sql.text(name());
    }

    String verification(String file) {
        return "RESTORE VERIFYONLY FROM " + device(file) + " WITH CHECKSUM";
    }

    /** The metadata of a snapshot; that the server takes it lets writes go on. */
    String metadata(Suspension suspension, String file) {
        return "BACKUP " + suspension.target() + " TO " + device(file) + " WITH METADATA_ONLY, FORMAT, NAME = "
                + Sql.text(name()) + ", MEDIANAME = " + Sql.text("medbackup") + ", MEDIADESCRIPTION = " + Sql.text(run);
    }

    /** The bucket of an address, for which the server looks its credential up. */
    String credentialName() {
        String[] parts = settings.url().substring("s3://".length()).split("/");
        return "s3://" + parts[0] + (parts.length > 1 ? "/" + parts[1] : "");
    }

    /** Makes the credential where the server has none of that name; it holds the secret, so it is never told to anybody. */
    String credential(@Nullable Secret key) {
        if (key == null) {
            throw ErrorCode.APPLICATION_NOT_READY.because(
                    "the server has no credential for the url, and s3Key is not given");
        }
        String secret = key.use(bytes -> new String(bytes, StandardCharsets.UTF_8));
        return "CREATE CREDENTIAL " + Sql.name(credentialName()) + " WITH IDENTITY = 'S3 Access Key', SECRET = "
                + Sql.text(secret);
    }
}
