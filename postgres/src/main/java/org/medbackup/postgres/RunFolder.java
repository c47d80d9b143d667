package org.medbackup.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.medbackup.core.error.ErrorCode;

/**
 * A private folder of one running server for its socket and its access rules. It lies in {@code /tmp} because a socket's
 * path has 107 bytes at most (unix(7)), and only the server's account may enter it.
 */
record RunFolder(Path folder) implements AutoCloseable {

    static RunFolder create(Account account, List<String> access) {
        try {
            Path parent = Path.of("/tmp");
            Path folder = Files.createTempDirectory(
                    Files.isWritable(parent) ? parent : Path.of(System.getProperty("java.io.tmpdir")), "mbpg");
            var created = new RunFolder(folder);
            created.write("hba.conf", String.join("\n", access) + "\n");
            created.write("empty.conf", "");
            if (account.drop()) {
                Permissions.giveTree(folder, account.uid(), account.gid());
            }
            return created;
        } catch (IOException failed) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("a folder for a server's socket could not be made", failed);
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        Permissions.close(file);
    }

    Path accessRules() {
        return folder.resolve("hba.conf");
    }

    /** For configuration files that a server insists on. */
    Path empty() {
        return folder.resolve("empty.conf");
    }

    Path socket(int port) {
        return folder.resolve(".s.PGSQL." + port);
    }

    /** Removes it; what cannot be removed stays, it holds no data. */
    @Override
    public void close() {
        try {
            Permissions.deleteTree(folder);
        } catch (IOException leftBehind) {
            System.getLogger(RunFolder.class.getName())
                    .log(System.Logger.Level.DEBUG, "a server's socket folder could not be removed");
        }
    }
}
