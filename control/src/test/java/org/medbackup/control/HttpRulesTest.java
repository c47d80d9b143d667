package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP asks of a server (RFC 9110), and what it is spared. */
class HttpRulesTest {

    @TempDir
    static Path temp;

    static Site site;

    @BeforeAll
    static void open() throws IOException {
        site = new Site(temp);
    }

    @AfterAll
    static void close() {
        site.close();
    }

    private static HttpResponse<String> ack(String body, String... headers) {
        return site.as("operator", "POST", "/v1/incidents/" + FakeControl.INCIDENT + ":ack", body, headers);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /                                   | 404
            GET    | /v1/jobs/                           | 404
            GET    | /v1/jobs/nightly/x                  | 404
            GET    | /v1/jobs/Nightly                    | 404
            GET    | /v1/jobs/a%2Fb                      | 404
            GET    | /v1/jobs/a%3Astart                  | 404
            GET    | /v1/runs/%C3%A4                     | 404
            POST   | /v1/jobs/nightly:forget             | 404
            POST   | /v1/jobs/other:pause                | 404
            DELETE | /v1/jobs                            | 405
            POST   | /v1/jobs                            | 405
            GET    | /v1/jobs/nightly:start              | 405
            OPTIONS| /v1/jobs/nightly                    | 405
            GET    | /v1/runs?limit=0                    | 400
            GET    | /v1/runs?limit=501                  | 400
            GET    | /v1/runs?limit=3.0                  | 400
            GET    | /v1/runs?limit=99999999999999999999 | 400
            GET    | /v1/runs?limit                      | 400
            GET    | /v1/runs?limit=1&limit=2            | 400
            GET    | /v1/runs?state=AWAY                 | 400
            GET    | /v1/runs?job=a%20b                  | 400
            GET    | /v1/runs?page=2                     | 400
            GET    | /v1/runs?&                          | 400
            GET    | /v1/jobs?x                          | 400
            GET    | /v1/forecast?hours=0                | 400
            POST   | /v1/jobs/nightly:start              | 400
            """)
    void whatIsNotAskedRightlyIsRefusedWithAProblem(String method, String path, int status) {
        HttpResponse<String> response = site.send(method, path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(Site.json(response).whole("status")).isEqualTo(status);
    }

    @Test
    void whatAPathTakesIsNamed() {
        assertThat(site.send("PUT", "/v1/jobs").headers().firstValue("allow")).contains("GET, HEAD");
        assertThat(site.send("PUT", "/v1/jobs/nightly:pause").headers().firstValue("allow"))
                .contains("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "[]",
                "{\"seconds\":60}",
                "{\"seconds\":59,\"note\":\"x\"}",
                "{\"seconds\":\"60\",\"note\":\"x\"}",
                "{\"seconds\":60,\"note\":\"\"}",
                "{\"seconds\":60,\"note\":\"a\\nb\"}",
                "{\"seconds\":60,\"note\":\"x\",\"more\":1}"
            })
    void aBodyIsAsTheDocumentHasIt(String body) {
        HttpResponse<String> response = ack(body, "Content-Type", "application/json");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Site.json(response).text("code")).isEqualTo("CONTROL_REQUEST_INVALID");
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        String good = "{\"seconds\":60,\"note\":\"x\"}";

        assertThat(ack(good).statusCode()).isEqualTo(415);
        assertThat(ack(good, "Content-Type", "text/plain").statusCode()).isEqualTo(415);
        assertThat(ack(good, "Content-Type", "APPLICATION/JSON").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        String large = "{\"seconds\":60,\"note\":\"" + "x".repeat(70_000) + "\"}";

        assertThat(ack(large, "Content-Type", "application/json").statusCode()).isEqualTo(413);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                   | 200
            application/*;q=0.5                | 200
            text/html, */*;q=0.1               | 200
            text/html                          | 406
            application/json;q=0               | 406
            application/json; q=0.0, text/html | 406
            """)
    void onlyWhatTheCallerTakesIsSent(String accept, int status) {
        assertThat(site.send("GET", "/v1/jobs", "Accept", accept).statusCode()).isEqualTo(status);
    }

    @Test
    void whoHasTheAnswerAlreadyIsToldSo() {
        String tag = site.send("GET", "/v1/jobs").headers().firstValue("etag").orElseThrow();

        assertThat(site.send("GET", "/v1/jobs", "If-None-Match", tag).statusCode())
                .isEqualTo(304);
        assertThat(site.send("GET", "/v1/jobs", "If-None-Match", "\"x\", W/" + tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(site.send("GET", "/v1/jobs", "If-None-Match", "*").statusCode())
                .isEqualTo(304);
        assertThat(site.send("GET", "/v1/jobs", "If-None-Match", "\"x\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void headIsGetWithoutItsBody() {
        HttpResponse<String> get = site.send("GET", "/v1/jobs");
        HttpResponse<String> head = site.send("HEAD", "/v1/jobs");

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("etag")).isEqualTo(get.headers().firstValue("etag"));
        assertThat(head.headers().firstValue("content-length"))
                .contains(Integer.toString(get.body().getBytes(StandardCharsets.UTF_8).length));
        assertThat(site.send("HEAD", "/v1/runs/" + FakeControl.FINISHED + "/events")
                        .statusCode())
                .isEqualTo(200);
    }

    private static Socket connect(boolean greeted) throws IOException {
        if (!greeted) {
            return new Socket("localhost", site.port());
        }
        SSLSocketFactory tls = Identities.client(Identities.of("operator"), Identities.of("server"))
                .getSocketFactory();
        return tls.createSocket("localhost", site.port());
    }

    /** Whether the server ends the connection by itself; a test that waits longer than its client fails. */
    private static boolean ends(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        InputStream in = socket.getInputStream();
        try {
            while (in.read() >= 0) {
                // What it says before it goes.
            }
            return true;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whoSendsTooSlowlyIsCutOff() throws IOException {
        try (Socket half = connect(true);
                Socket body = connect(true);
                Socket silent = connect(false)) {
            say(half, "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            say(
                    body,
                    "POST /v1/jobs/nightly:pause HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 60\r\n\r\n{");
            silent.getOutputStream().write(0x16);
            silent.getOutputStream().flush();

            assertThat(List.of(ends(half), ends(body), ends(silent))).containsExactly(true, true, true);
        }
        assertThat(site.send("GET", "/v1/jobs").statusCode()).isEqualTo(200);
        assertThat(site.control.calls).noneMatch(call -> call.startsWith("pause"));
    }

    @Test
    void headersThatAreTooLargeAreRefused() throws IOException {
        try (Socket socket = connect(true)) {
            say(socket, "GET /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Large: " + "x".repeat(20_000) + "\r\n\r\n");

            String answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            assertThat(answer).isIn("", "HTTP/1.1 400", "HTTP/1.1 431");
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
