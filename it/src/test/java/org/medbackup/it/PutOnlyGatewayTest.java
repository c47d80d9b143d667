package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.documents.JsonValue;

/**
 * A writer of another account than the repository's, with all that this account may do on the machine: the system keeps
 * it out of the folder, the gateway lets it add and no more. As root the account is another one; otherwise it is our own,
 * and only the gateway's part is looked at.
 */
class PutOnlyGatewayTest {

    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final int NOBODY = 65_534;

    private Path open = Path.of("/");
    private Path repository = Path.of("/");
    private Path socket = Path.of("/");
    private Path papers = Path.of("/");
    private Program keeper = new Program(open);
    private Program writer = new Program(open);

    @BeforeEach
    void make() throws IOException {
        open = Files.createTempDirectory("medbackup-gw-");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path kept = Files.createDirectory(open.resolve("keeper"));
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
        repository = kept.resolve("repository");
        socket = open.resolve("repo.sock");
        Path work = Files.createDirectory(open.resolve("work"));
        papers = Files.createDirectory(work.resolve("papers"));
        keeper = new Program(kept);
        Path key = kept.resolve("writer.key");
        keeper.run("init", "--writer-key", key.toString(), "--kdf", "pbkdf2").with(0);
        Path own = Files.copy(key, work.resolve("writer.key"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(papers.resolve("letter.txt"), "Dear colleague");
        if (ROOT) {
            writer = Program.unprivileged(
                    work, Program.copy(open.resolve("installation")).resolve("medbackup"), NOBODY);
            for (Path each : List.of(work, papers, own, papers.resolve("letter.txt"))) {
                Files.setAttribute(each, "unix:uid", NOBODY);
                Files.setAttribute(each, "unix:gid", NOBODY);
            }
        } else {
            writer = new Program(work);
        }
        writer.without("MEDBACKUP_PASSWORD")
                .with("MEDBACKUP_KEY_FILE", own.toString())
                .with("MEDBACKUP_REPO", "gateway://" + socket);
    }

    @AfterEach
    void remove() throws IOException {
        Files.walkFileTree(open, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private Program.Running serve() throws InterruptedException {
        String account = ROOT ? "nobody" : System.getProperty("user.name");
        Program.Running gateway = keeper.start("gateway", "--socket", socket.toString(), "--allow", account);
        for (int tries = 0;
                !Files.exists(socket) && tries < 6000 && gateway.process().isAlive();
                tries++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        return gateway;
    }

    private static int asNobody(String... command) throws IOException, InterruptedException {
        var whole = new java.util.ArrayList<>(
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--no-new-privs"));
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor();
    }

    @Test
    void aWriterOfAnotherAccountBacksUpAndCanTakeNothingAway() throws IOException, InterruptedException {
        Program.Running gateway = serve();
        try {
            JsonValue.Members first =
                    writer.run("backup", papers.toString(), "--json").with(0).json();
            Files.writeString(papers.resolve("letter.txt"), "Dear colleague, once more");
            writer.run("backup", papers.toString()).with(0);

            writer.run("snapshots").with(2);
            writer.run("restore", first.text("snapshot"), "--target", "out").with(2);
            if (ROOT) {
                String slot = repository + "/s/" + first.text("snapshot");
                assertThat(Files.exists(Path.of(slot))).isTrue();
                assertThat(asNobody("true")).isZero();
                assertThat(asNobody("ls", repository.toString())).isNotZero();
                assertThat(asNobody("cat", repository + "/format")).isNotZero();
                assertThat(asNobody("rm", "-f", slot)).isNotZero();
                assertThat(asNobody("truncate", "--size=0", slot)).isNotZero();
                assertThat(asNobody("mv", repository.toString(), repository + ".gone"))
                        .isNotZero();
                assertThat(asNobody("touch", repository + "/s/forged")).isNotZero();
            }
        } finally {
            gateway.signal("TERM");
            gateway.end().with(143);
        }
        assertThat(keeper.run("snapshots", "--json").with(0).json().items("snapshots"))
                .hasSize(2);
        keeper.run("verify", "--level", "restore").with(0);
        writer.run("backup", papers.toString()).with(1);
    }
}
