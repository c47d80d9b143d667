package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ServerTest {

    @TempDir
    Path folder;

    @Test
    void aServerAnswersUntilItIsClosed() throws Exception {
        S3Server server = S3Server.start(folder);
        try (server) {
            server.createBucket("one-bucket");
            server.createUser("somebody", "somebodys-secret");
            server.createBucket("another-bucket", "somebody");
            assertThat(LocalServer.answers(server.port())).isTrue();
            server.deleteUser("somebody");

            assertThat(server.data("one-bucket")).isDirectory();
            var unsigned =
                    (HttpURLConnection) URI.create(server.endpoint()).toURL().openConnection();
            assertThat(unsigned.getResponseCode()).isEqualTo(403);
            assertThatThrownBy(() -> server.createBucket("one-bucket"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageNotContaining(S3Server.SECRET_KEY);
        }
        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        server.close();
    }

    @Test
    void aServerThatCannotStartIsNotWaitedFor() {
        assertThatThrownBy(() -> S3Server.start(Path.of("/bin/false"), folder))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start");
    }
}
