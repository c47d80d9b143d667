package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

class SftpServerTest {

    @TempDir
    Path temp;

    private Completed list(SftpServer server) throws Exception {
        Path batch = Files.writeString(temp.resolve("batch"), "ls " + temp + "\n");
        return Processes.system()
                .run(Command.of(List.of(
                        "sftp",
                        "-q",
                        "-P",
                        Integer.toString(server.port()),
                        "-i",
                        server.key().toString(),
                        "-o",
                        "UserKnownHostsFile=" + server.knownHosts(),
                        "-o",
                        "ConnectTimeout=3",
                        "-b",
                        batch.toString(),
                        System.getProperty("user.name") + "@127.0.0.1")));
    }

    @Test
    void itLetsInWhoHasItsKeyAndEndsWithAllItStarted() throws Exception {
        Files.createFile(temp.resolve("what-is-there"));
        try (SftpServer server = SftpServer.start(temp.resolve("server"))) {
            Completed listed = list(server);

            assertThat(listed.errors()).isEmpty();
            assertThat(listed.output()).contains("what-is-there");
            assertThat(server.location(temp)).startsWith("sftp://").contains("@127.0.0.1:" + server.port() + temp);
            server.suspend();
            assertThat(list(server).succeeded()).isFalse();
            server.resume();
            assertThat(list(server).succeeded()).isTrue();
            server.cut();
            assertThat(LocalServer.await(() -> server.serving() == 0)).isTrue();
            assertThat(list(server).succeeded()).isTrue();
            server.kill();
            assertThat(list(server).succeeded()).isFalse();
        }
    }
}
