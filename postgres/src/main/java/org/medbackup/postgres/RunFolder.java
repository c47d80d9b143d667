package org.medbackup.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;

/**
 * A private folder of one running server for its socket and its access rules. A socket's path has 107 bytes at
 * most (unix(7)), so that it lies in {@code /tmp} where no folder with a short name was given for it; only the server's account
 * may enter it.
 */
record RunFolder(Path folder) implements AutoCloseable {

    /** What a socket's path may be longer than its folder's parent: a random name, and that of the socket. */
    private static final int REST = "/mbpg".length() + 20 + "/.s.PGSQL.65535".length();

    private static final int LONGEST = 107;

    static RunFolder create(Account account, List<String> access) {
        return create(account, access, null);
    }

    /**
     * Makes one.
     *
     * @param wanted folder that it is made in, where that can be
     */
    static RunFolder create(Account account, List<String> access, @Nullable Path wanted) {
        try {
            Path folder =
                    Files.createTempDirectory(wanted != null && fits(account, wanted) ? wanted : temporary(), "mbpg");
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

    private static Path temporary() {
        Path parent = Path.of("/tmp");
        return Files.isWritable(parent) ? parent : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean fits(Account account, Path parent) {
        return parent.toString().getBytes(StandardCharsets.UTF_8).length + REST <= LONGEST && account.mayReach(parent);
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
