package org.medbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.azure.Scripted.BYTES;
import static org.medbackup.store.azure.Scripted.CONTENT;
import static org.medbackup.store.azure.Scripted.NAME;
import static org.medbackup.store.azure.Scripted.bare;
import static org.medbackup.store.azure.Scripted.catching;
import static org.medbackup.store.azure.Scripted.failure;
import static org.medbackup.store.azure.Scripted.head;
import static org.medbackup.store.azure.Scripted.store;
import static org.medbackup.store.azure.ScriptedServer.CUT;
import static org.medbackup.store.azure.ScriptedServer.answer;
import static org.medbackup.store.azure.ScriptedServer.error;

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
class AzureFailuresTest {

    @ParameterizedTest
    @CsvSource({
        "403, AuthenticationFailed, STORE_DENIED",
        "403, AuthorizationFailure, STORE_DENIED",
        "403, AccountIsDisabled, STORE_DENIED",
        "401, NoAuthenticationInformation, STORE_DENIED",
        "404, ContainerNotFound, BUCKET_NOT_FOUND",
        "409, ContainerBeingDeleted, BUCKET_NOT_FOUND",
        "404, BlobNotFound, OBJECT_MISSING",
        "507, InsufficientStorage, NO_SPACE",
        "403, QuotaExceeded, NO_SPACE",
        "500, InternalError, STORE_UNAVAILABLE",
        "500, OperationTimedOut, STORE_UNAVAILABLE",
        "503, ServerBusy, STORE_UNAVAILABLE",
        "429, TooManyRequests, STORE_UNAVAILABLE",
        "400, Md5Mismatch, STORE_UNAVAILABLE",
        "409, BlobArchived, STORE_UNAVAILABLE",
    })
    void eachAnswerOfATargetHasItsCode(int status, String said, ErrorCode expected) throws Exception {
        for (String answer : List.of(error(status, said), bare(status, said))) {
            BackupException failure = failure(Scripted::readFour, answer);

            assertThat(failure.code()).isEqualTo(expected);
            // By these the catalogue of failures tells one from another.
            assertThat(failure.context())
                    .containsEntry("http", Integer.toString(status))
                    .containsEntry("said", said);
        }
    }

    @Test
    void aClockThatIsFarOffIsToldFromAWrongKey() throws Exception {
        String body = "<Error><Code>AuthenticationFailed</Code></Error>";

        assertThat(failure(Scripted::readFour, answer(403, body, "Date: Wed, 21 Oct 2015 07:28:00 GMT"))
                        .code())
                .isEqualTo(ErrorCode.CLOCK_UNUSABLE);
        assertThat(failure(Scripted::readFour, answer(403, body, "Date: yesterday"))
                        .code())
                .isEqualTo(ErrorCode.STORE_DENIED);
    }

    @Test
    void aTargetThatWantsToBeLeftAloneIsQuotedAndADateIsNot() throws Exception {
        assertThat(failure(store -> store.length(NAME), answer(503, "", "Retry-After: 20"))
                        .context())
                .containsEntry("retryAfter", "20");
        assertThat(failure(store -> store.length(NAME), answer(503, "", "Retry-After: Wed, 21 Oct 2026 07:28:00 GMT"))
                        .context())
                .doesNotContainKey("retryAfter");
    }

    @Test
    void whatBrokeTheWayToATargetIsNamed() throws Exception {
        try (AzureStore unknown = store("https://target.invalid")) {
            assertThat(catching(() -> unknown.length(NAME)).context()).containsEntry("cause", "UnknownHostException");
        }
        try (AzureStore closed = store("http://127.0.0.1:" + SilentServer.absentPort())) {
            BackupException failure = catching(() -> closed.length(NAME));
            assertThat(failure.context()).containsEntry("cause", "ConnectException");
            assertThat(failure).isInstanceOf(UnavailableException.class).hasNoCause();
        }
        assertThat(failure(store -> store.length(NAME), CUT).context()).containsEntry("cause", "SocketException");
        try (SilentServer hanging = SilentServer.start();
                AzureStore store = store("https://127.0.0.1:" + hanging.port())) {
            assertThat(catching(() -> store.length(NAME)).context()).containsEntry("cause", "SocketTimeoutException");
        }
        try (SilentServer hangingUp = SilentServer.hangingUp();
                AzureStore store = store("https://127.0.0.1:" + hangingUp.port())) {
            assertThat(catching(() -> store.length(NAME)).context().get("cause"))
                    .matches("SSL.*|EOFException|SocketException|IOException");
        }
    }

    @Test
    void putsListsAndLooksFailAlike() throws Exception {
        String denied = error(403, "AuthenticationFailed");

        assertThat(failure(Scripted::putOne, denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.list("d/", info -> {}), denied).code())
                .isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(AzureStore::isEmpty, denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.length(NAME), answer(403, "")).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), answer(503, "")).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(store -> store.delete(NAME), CUT).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aRefusedDeletionIsSaidToBeOne() throws Exception {
        for (String refusal : List.of(
                error(409, "BlobImmutableDueToPolicy"),
                error(403, "AuthorizationPermissionMismatch"),
                error(412, "LeaseIdMissing"))) {
            assertThat(failure(store -> store.delete(NAME), refusal).code()).isEqualTo(ErrorCode.DELETION_REFUSED);
        }
        assertThat(failure(store -> store.delete(NAME), error(409, "BlobArchived"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatTakesAnyChecksumIsKnownForIt() throws Exception {
        try (var server = new ScriptedServer(answer(201, ""));
                AzureStore store = store(server.endpoint())) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(NAME))
                    .isFalse();
        }
        assertThat(failure(
                                store -> store.questions().orElseThrow().refusesWrongChecksum(NAME),
                                error(503, "ServerBusy"))
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
        for (Consumer<AzureStore> call : List.<Consumer<AzureStore>>of(
                store -> store.length(NAME),
                Scripted::readFour,
                store -> store.list("d/", info -> {}),
                AzureStore::isEmpty)) {
            BackupException failure = failure(call, cut);

            assertThat(failure).isInstanceOf(UnavailableException.class);
            assertThat(failure.context().get("cause")).isNotNull();
        }
        assertThat(failure(store -> store.length(NAME), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
                        .context())
                .containsEntry("cause", "cut");
    }

    @Test
    void aPageThatIsCutOrIsNoneIsNotTakenForAnEmptyOne() throws Exception {
        String page = "<?xml version=\"1.0\"?><EnumerationResults><Blobs><Blob><Name>prefix/d/a</Name>";
        for (String listing : List.of(
                answer(200, page),
                answer(200, page, "Content-Length: 5000"),
                answer(200, ""),
                answer(200, "<html>a proxy's page</html>"),
                answer(
                        200,
                        "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><EnumerationResults>&e;"
                                + "</EnumerationResults>"))) {
            assertThat(failure(AzureStore::isEmpty, listing).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void anAccountThatListsInAnotherOrderIsRefused() throws Exception {
        String page = answer(
                200,
                "<EnumerationResults><Blobs><Blob><Name>prefix/d/b</Name></Blob><Blob><Name>elsewhere</Name></Blob>"
                        + "<Blob><Name>prefix/d/a</Name></Blob></Blobs><NextMarker/></EnumerationResults>");

        assertThat(failure(store -> store.list("", info -> {}), page).code()).isEqualTo(ErrorCode.LOCATION_UNSUPPORTED);
    }

    @Test
    void anAnswerInChunksNeedsNoLength() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        try (var server = new ScriptedServer(chunked + "0\r\n\r\n", chunked);
                AzureStore store = store(server.endpoint())) {
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
        try (var elsewhere = new ScriptedServer(head(BYTES, true))) {
            String leading = answer(307, "", "Location: " + elsewhere.endpoint() + "/clinic/bucket/prefix/s/one");

            assertThat(failure(store -> store.length(NAME), leading).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void readingNothingOfAMissingObjectSaysThatItIsMissing() throws Exception {
        assertThat(failure(store -> store.read(NAME, 0, ByteBuffer.allocate(0)), answer(404, ""))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        try (var server = new ScriptedServer(head(BYTES, true));
                AzureStore store = store(server.endpoint())) {
            assertThat(store.read(NAME, 0, ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    void withoutCredentialsThatCanBeUsedTheTargetIsNotAsked() throws Exception {
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("AZURE_STORAGE_KEY", " "),
                Map.of("AZURE_STORAGE_KEY", "canary, no base 64"),
                Map.of("AZURE_STORAGE_SAS_TOKEN", "canary no token"),
                Map.of("AZURE_STORAGE_SAS_TOKEN", "sv=canary"))) {
            try (var server = new ScriptedServer();
                    AzureStore store = store(server.endpoint(), environment)) {
                BackupException failure = catching(() -> store.putIfAbsent(NAME, CONTENT));

                assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
                assertThat(failure.context()).containsEntry("cause", "credentials");
                assertThat(failure.describe()).doesNotContain("canary");
                assertThat(server.requests()).isEmpty();
            }
        }
    }

    @Test
    void aTokenStandsInNoFailure() throws Exception {
        Map<String, String> token = Map.of("AZURE_STORAGE_SAS_TOKEN", "?sv=2020&sp=rcl&sig=canary-token");
        try (var server = new ScriptedServer(error(403, "AuthenticationFailed"));
                AzureStore store = store(server.endpoint(), token)) {
            BackupException failure = catching(() -> store.length(NAME));

            assertThat(server.requests().getFirst()).contains("sig=canary-token");
            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_DENIED);
            assertThat(failure.describe()).doesNotContain("canary");
            assertThat(failure).hasNoCause();
        }
        assertThat(Access.of("clinic", token::get).toString()).doesNotContain("canary");
    }
}
