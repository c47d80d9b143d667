package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as a command: it serves until it is ended. */
class GatewayCommandTest {

    @TempDir
    Path temp;

    @Test
    void gatewayServesARepositoryUntilItIsEnded() throws Exception {
        var shell = new Shell(temp);
        Path key = temp.resolve("writer.key");
        shell.run("init", "--writer-key", key.toString(), "--kdf", "pbkdf2").endsWith(0);
        shell.write("letter.txt", "Dear colleague");
        Path socket = temp.resolve("repo.sock");
        var ended = new CompletableFuture<Shell.Ran>();
        Thread serving = Thread.ofPlatform()
                .start(() -> ended.complete(shell.run(
                        "gateway", "--socket", socket.toString(), "--allow", System.getProperty("user.name"))));
        for (int tries = 0; !Files.exists(socket) && tries < 3000 && !ended.isDone(); tries++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        var writer = new Shell(temp);
        writer.environment.remove("MEDBACKUP_PASSWORD");
        writer.environment.put("MEDBACKUP_KEY_FILE", key.toString());
        writer.environment.put("MEDBACKUP_REPO", "gateway://" + socket);

        writer.run("backup", shell.source().toString()).endsWith(0);

        writer.run("snapshots").endsWith(2).saysWhatIsWrong("role");
        assertThat(shell.snapshotIds()).hasSize(1);
        serving.interrupt();
        Shell.Ran ran = ended.get(60, TimeUnit.SECONDS);
        assertThat(ran.code()).isEqualTo(130);
        assertThat(ran.out()).contains("serving on " + socket);
        assertThat(socket).doesNotExist();
    }

    @Test
    void gatewayNeedsARepositoryASocketAndAnAccount() {
        var shell = new Shell(temp);
        shell.run("gateway").endsWith(2).saysWhatIsWrong("--socket");
        shell.run("gateway", "--socket", temp.resolve("s").toString())
                .endsWith(2)
                .saysWhatIsWrong("--allow");
        shell.run("gateway", "--socket", temp.resolve("s").toString(), "--allow", "root")
                .endsWith(2)
                .saysWhatIsWrong("no repository");
    }
}
