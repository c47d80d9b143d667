package org.medbackup.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.gcs.Scripted.BYTES;
import static org.medbackup.store.gcs.Scripted.NAME;
import static org.medbackup.store.gcs.Scripted.catching;
import static org.medbackup.store.gcs.Scripted.failure;
import static org.medbackup.store.gcs.Scripted.found;
import static org.medbackup.store.gcs.Scripted.missing;
import static org.medbackup.store.gcs.Scripted.store;
import static org.medbackup.store.gcs.ScriptedServer.CUT;
import static org.medbackup.store.gcs.ScriptedServer.answer;
import static org.medbackup.store.gcs.ScriptedServer.error;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.testkit.SilentServer;

/** What the store makes of each answer of a target, and of none. */
class GcsFailuresTest {

    private static final String NO_BUCKET = "The specified bucket does not exist.";

    @ParameterizedTest
    @CsvSource({
        "401, authError, STORE_DENIED",
        "403, forbidden, STORE_DENIED",
        "403, insufficientPermissions, STORE_DENIED",
        "403, rateLimitExceeded, STORE_UNAVAILABLE",
        "403, userRateLimitExceeded, STORE_UNAVAILABLE",
        "403, quotaExceeded, STORE_UNAVAILABLE",
        "408, uploadBrokenConnection, STORE_UNAVAILABLE",
        "429, rateLimitExceeded, STORE_UNAVAILABLE",
        "500, internalError, STORE_UNAVAILABLE",
        "502, backendError, STORE_UNAVAILABLE",
        "503, backendError, STORE_UNAVAILABLE",
        "504, gatewayTimeout, STORE_UNAVAILABLE",
        "400, invalid, STORE_UNAVAILABLE",
    })
    void eachAnswerOfATargetHasItsCode(int status, String said, ErrorCode expected) throws Exception {
        BackupException failure = failure(Scripted::readFour, error(status, said));

        assertThat(failure.code()).isEqualTo(expected);
        // By these the catalogue of failures tells one from another.
        assertThat(failure.context())
                .containsEntry("http", Integer.toString(status))
                .containsEntry("said", said);
    }

    @Test
    void anAnswerWithoutAReasonIsKnownByItsNumber() throws Exception {
        for (String body : List.of(
                "",
                "canary",
                "{\"error\":7}",
                "{\"error\":{\"errors\":[\"canary\"]}}",
                "{\"error\":\"canary, with words\"}")) {
            BackupException failure = failure(Scripted::readFour, answer(503, body));

            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(failure.context()).containsEntry("http", "503").doesNotContainKey("said");
        }
        assertThat(failure(Scripted::readFour, answer(503, "{", "Content-Length: 50"))
                        .context())
                .containsEntry("http", "503");
    }

    @Test
    void aMissingObjectIsToldFromAMissingBucket() throws Exception {
        assertThat(failure(Scripted::readFour, answer(404, "No such object: bucket/canary"))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(failure(Scripted::readFour, missing()).code()).isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(failure(Scripted::readFour, error(404, "notFound", NO_BUCKET))
                        .code())
                .isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
    }

    @Test
    void aTargetThatDoesNotSayWhatIsMissingIsAskedForItsBucket() throws Exception {
        String unclear = error(404, "notFound", "Not Found");

        assertThat(failure(Scripted::readFour, unclear, unclear).code()).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
        assertThat(failure(Scripted::readFour, unclear, answer(200, "{}")).code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(failure(Scripted::readFour, unclear, error(403, "forbidden")).code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(failure(Scripted::readFour, unclear, CUT).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatWantsToBeLeftAloneIsQuotedAndADateIsNot() throws Exception {
        assertThat(failure(store -> store.length(NAME), answer(429, "", "Retry-After: 20"))
                        .context())
                .containsEntry("retryAfter", "20");
        assertThat(failure(store -> store.length(NAME), answer(503, "", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"))
                        .context())
                .doesNotContainKey("retryAfter");
    }

    @Test
    void whatBrokeTheWayToATargetIsNamed() throws Exception {
        try (GcsStore closed = store("http://127.0.0.1:" + SilentServer.absentPort())) {
            BackupException failure = catching(() -> closed.length(NAME));
            assertThat(failure.context()).containsEntry("cause", "ConnectException");
            assertThat(failure).isInstanceOf(UnavailableException.class).hasNoCause();
        }
        assertThat(failure(store -> store.length(NAME), CUT).context()).containsEntry("cause", "SocketException");
        try (SilentServer hanging = SilentServer.start();
                GcsStore store = store("http://127.0.0.1:" + hanging.port())) {
            assertThat(catching(() -> store.length(NAME)).context()).containsEntry("cause", "SocketTimeoutException");
        }
    }

    @Test
    void whatBrokeAnEncryptedWayIsNamed() throws Exception {
        // Over https there must be a token; whom it is asked of is the first that fails.
        try (SilentServer hangingUp = SilentServer.hangingUp()) {
            var server = new ScriptedServer(answer(200, "{\"access_token\":\"canary\",\"expires_in\":3599}"));
            String metadata = server.endpoint().replace("http://", "");
            try (server;
                    GcsStore store =
                            store("https://127.0.0.1:" + hangingUp.port(), Map.of("GCE_METADATA_HOST", metadata))) {
                BackupException failure = catching(() -> store.length(NAME));
                assertThat(failure.context().get("cause")).matches("SSL.*|EOFException|SocketException|IOException");
                assertThat(failure.describe()).doesNotContain("canary");
            }
        }
        var server = new ScriptedServer(answer(200, "{\"access_token\":\"canary\",\"expires_in\":3599}"));
        String metadata = server.endpoint().replace("http://", "");
        try (server;
                GcsStore unknown = store("https://target.invalid", Map.of("GCE_METADATA_HOST", metadata))) {
            assertThat(catching(() -> unknown.length(NAME)).context()).containsEntry("cause", "UnknownHostException");
        }
    }

    @Test
    void putsListsAndLooksFailAlike() throws Exception {
        String denied = error(401, "authError");

        assertThat(failure(Scripted::putOne, denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.list("d/", info -> {}), denied).code())
                .isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(GcsStore::isEmpty, denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(GcsStore::isEmpty, error(404, "notFound")).code()).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
        assertThat(failure(store -> store.length(NAME), answer(403, "")).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), answer(503, "")).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(store -> store.delete(NAME), CUT).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aRefusedDeletionIsSaidToBeOne() throws Exception {
        for (String refusal : List.of(
                error(403, "retentionPolicyNotMet"),
                error(403, "objectUnderActiveHold"),
                error(412, "retentionPolicyNotMet"),
                error(412, "objectUnderActiveHold"),
                error(403, "forbidden"),
                answer(403, ""))) {
            assertThat(failure(store -> store.delete(NAME), refusal).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
        }
        assertThat(failure(store -> store.delete(NAME), error(403, "insufficientPermissions"))
                        .code())
                .isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), error(412, "conditionNotMet"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatTakesAnyChecksumIsKnownForIt() throws Exception {
        try (var server = new ScriptedServer(found(new byte[] {1}));
                GcsStore store = store(server.endpoint())) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(NAME))
                    .isFalse();
        }
        assertThat(failure(
                                store -> store.questions().orElseThrow().refusesWrongChecksum(NAME),
                                error(503, "backendError"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void anAnswerThatIsCutIsNeverTakenForAWholeOne() throws Exception {
        String cut = answer(206, "0123", "Content-Length: 10", "Content-Range: bytes 0-9/10");

        BackupException failure = failure(store -> store.read(NAME, 0, ByteBuffer.allocate(10)), cut);

        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure.context()).containsEntry("cause", "cut");
    }

    @Test
    void anAnswerThatIsCutAmongItsHeadersIsNeverTakenForAWholeOne() throws Exception {
        String cut = "HTTP/1.1 200 OK\r\nServer: cut";
        for (Consumer<GcsStore> call : List.<Consumer<GcsStore>>of(
                store -> store.length(NAME),
                Scripted::readFour,
                store -> store.list("d/", info -> {}),
                GcsStore::isEmpty)) {
            BackupException failure = failure(call, cut);

            assertThat(failure).isInstanceOf(UnavailableException.class);
            assertThat(failure.context().get("cause")).isNotNull();
        }
    }

    @Test
    void aPageThatIsCutOrIsNoneIsNotTakenForAnEmptyOne() throws Exception {
        String page = "{\"kind\":\"storage#objects\",\"items\":[{\"name\":\"prefix/d/a\"";
        for (String listing : List.of(
                answer(200, page),
                answer(200, page, "Content-Length: 5000"),
                answer(200, ""),
                answer(200, "{}"),
                answer(200, "{\"kind\":\"storage#object\"}"),
                answer(200, page + "}]}"),
                answer(200, page + ",\"size\":\"much\"}]}"),
                answer(200, "{\"kind\":\"storage#objects\",\"items\":[7]}"),
                answer(200, "<html>a proxy's page</html>"))) {
            assertThat(failure(GcsStore::isEmpty, listing).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void aTargetThatListsInAnotherOrderIsRefused() throws Exception {
        String page = answer(
                200,
                "{\"kind\":\"storage#objects\",\"items\":[{\"name\":\"prefix/d/b\",\"size\":\"1\"},"
                        + "{\"name\":\"elsewhere\",\"size\":\"1\"},{\"name\":\"prefix/d/a\",\"size\":\"1\"}]}");

        assertThat(failure(store -> store.list("", info -> {}), page).code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
    }

    @Test
    void anAnswerInChunksNeedsNoLength() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        try (var server = new ScriptedServer(chunked + "0\r\n\r\n", chunked);
                GcsStore store = store(server.endpoint())) {
            assertThat(store.read(NAME, 0, ByteBuffer.allocate(10))).isEqualTo(5);

            assertThat(catching(() -> store.read(NAME, 0, ByteBuffer.allocate(10))))
                    .as("one that is cut")
                    .isInstanceOf(UnavailableException.class);
        }
    }

    @Test
    void aTargetThatIgnoresRangesIsNotReadFrom() throws Exception {
        assertThat(failure(store -> store.read(NAME, 5, ByteBuffer.allocate(10)), answer(200, "0123456789"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void anAnswerThatLeadsElsewhereIsNotFollowed() throws Exception {
        try (var elsewhere = new ScriptedServer(found(BYTES))) {
            String leading = answer(307, "", "Location: " + elsewhere.endpoint() + "/storage/v1/b/bucket/o/x");

            assertThat(failure(store -> store.length(NAME), leading).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void readingNothingOfAMissingObjectSaysThatItIsMissing() throws Exception {
        assertThat(failure(store -> store.read(NAME, 0, ByteBuffer.allocate(0)), missing())
                        .code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        try (var server = new ScriptedServer(found(BYTES));
                GcsStore store = store(server.endpoint())) {
            assertThat(store.read(NAME, 0, ByteBuffer.allocate(0))).isZero();
        }
    }
}
