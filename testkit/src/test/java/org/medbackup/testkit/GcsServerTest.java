package org.medbackup.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GcsServerTest {

    private static final int PIECE = 256 * 1024;

    @TempDir
    Path folder;

    @Test
    void aServerAnswersUntilItIsClosedAndKeepsWhatItHad() throws Exception {
        GcsServer server = GcsServer.start(folder);
        try (server) {
            server.createBucket("one-bucket");
            server.put("one-bucket", "d/a", "content");
            server.startAgain();
            assertThat(LocalServer.answers(server.port())).isTrue();
            String object = server.endpoint() + "/storage/v1/b/one-bucket/o/d%2Fa?alt=media";
            assertThat(body(send("GET", object, "", ""))).isEqualTo("content");
            assertThatThrownBy(() -> server.put("no-bucket", "d/a", "content"))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(ProcessHandle.of(server.pid())).isEmpty();
        server.close();
    }

    /** Should this fail, the server has learned what docs/store-gcs.md says of it, and more can be tested on it. */
    @Test
    void itForgetsTheSumOfAnUploadAndTakesAQuestionForItsEnd() throws Exception {
        try (GcsServer server = GcsServer.start(folder)) {
            server.createBucket("vault");
            String begin = server.endpoint() + "/upload/storage/v1/b/vault/o?uploadType=resumable&name=a";
            String upload = send("POST", begin, "", "{\"crc32c\":\"AAAAAA==\"}").getHeaderField("Location");
            String range = "bytes 0-" + (PIECE - 1) + "/" + 2 * PIECE;
            assertThat(send("PUT", upload, range, "x".repeat(PIECE)).getResponseCode())
                    .isEqualTo(308);

            HttpURLConnection answer = send("PUT", upload, "bytes */" + 2 * PIECE, "");
            assertThat(answer.getResponseCode()).isEqualTo(200);
            assertThat(body(answer)).contains("\"size\":\"" + PIECE + "\"");
        }
    }

    private static HttpURLConnection send(String method, String address, String range, String body) throws IOException {
        var connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod(method);
        if (!range.isEmpty()) {
            connection.setRequestProperty("Content-Range", range);
        }
        if (!method.equals("GET")) {
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length());
            connection.getOutputStream().write(body.getBytes(UTF_8));
        }
        return connection;
    }

    private static String body(HttpURLConnection answer) throws IOException {
        return new String(answer.getInputStream().readAllBytes(), UTF_8);
    }
}
