package org.medbackup.store.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.gcs.Scripted.BYTES;
import static org.medbackup.store.gcs.Scripted.NAME;
import static org.medbackup.store.gcs.Scripted.catching;
import static org.medbackup.store.gcs.Scripted.failure;
import static org.medbackup.store.gcs.Scripted.found;
import static org.medbackup.store.gcs.Scripted.missing;
import static org.medbackup.store.gcs.Scripted.put;
import static org.medbackup.store.gcs.Scripted.store;
import static org.medbackup.store.gcs.ScriptedServer.CUT;
import static org.medbackup.store.gcs.ScriptedServer.answer;
import static org.medbackup.store.gcs.ScriptedServer.error;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.PutOutcome;

/** What became of a put, whatever the target answered. */
class PutOutcomesTest {

    private static final byte[] LARGE = new byte[Session.PIECE + 1];
    private static final String BEGUN =
            answer(200, "", "Location: http://elsewhere.invalid/upload/storage/v1/b/bucket/o?upload_id=canary-upload");
    private static final String FIRST = answer(308, "", "Range: bytes=0-" + (Session.PIECE - 1));

    /** What fails a put in pieces. */
    private static BackupException largeFailure(String... script) throws IOException {
        return failure(store -> store.putIfAbsent(NAME, ObjectContent.of(LARGE)), script);
    }

    private static PutOutcome large(String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                GcsStore store = store(server.endpoint())) {
            PutOutcome outcome = store.putIfAbsent(NAME, ObjectContent.of(LARGE));
            assertThat(server.requests()).hasSize(script.length);
            return outcome;
        }
    }

    @Test
    void aPutWhoseAnswerWasLostIsLookedUpAndFoundToBeOurs() throws Exception {
        assertThat(put(CUT, found(BYTES))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void anAnswerThatTellsNothingOfTheObjectIsALostOne() throws Exception {
        for (String nothing : List.of(
                answer(200, ""),
                answer(200, "{}"),
                answer(200, "{\"size\":\"many\"}"),
                answer(200, "<html>a proxy's page</html>"),
                answer(200, "{\"size\":\"1", "Content-Length: 500"))) {
            assertThat(put(nothing, found(BYTES))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void afterAFailureOfTheTargetOtherBytesUnderTheNameAreAnotherWriters() throws Exception {
        assertThat(put(error(500, "internalError"), found("the CONTENT".getBytes(UTF_8))))
                .isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(503, "backendError"), found(new byte[3]))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void eachWayToSayThatANameIsTakenIsKnown() throws Exception {
        assertThat(put(error(412, "conditionNotMet"))).isEqualTo(PutOutcome.EXISTED);
        assertThat(put(answer(412, ""))).isEqualTo(PutOutcome.EXISTED);
        // A right that is missing, a lock on the name, a rule of the organisation: what is there decides.
        for (String refusal : List.of(
                error(403, "forbidden"),
                error(403, "retentionPolicyNotMet"),
                error(409, "conflict"),
                error(412, "orgPolicyConstraintFailed"))) {
            assertThat(put(refusal, found(new byte[3]))).isEqualTo(PutOutcome.EXISTED);
        }
        assertThat(failure(Scripted::putOne, error(403, "forbidden"), missing()).code())
                .isEqualTo(ErrorCode.STORE_DENIED);
    }

    @Test
    void aPutThatLeftNothingFailsForTheCallerToTryAgain() throws Exception {
        BackupException failure = failure(Scripted::putOne, CUT, missing());

        assertThat(failure).isInstanceOf(UnavailableException.class);
        assertThat(failure.context()).containsEntry("object", "s/one");
    }

    @Test
    void aPutThatCannotBeLookedUpFailsForTheCallerToTryAgain() throws Exception {
        for (String answer : List.of(error(503, "backendError"), CUT, answer(200, "{\"size\":\"11\"}"))) {
            assertThat(failure(Scripted::putOne, CUT, answer).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void aTargetThatSaysItHasOtherBytesIsNotBelieved() throws Exception {
        assertThat(failure(Scripted::putOne, found("the CONTENT".getBytes(UTF_8)))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_DAMAGED);
        assertThat(failure(Scripted::putOne, answer(200, "{\"size\":\"3\"}")).code())
                .isEqualTo(ErrorCode.OBJECT_DAMAGED);
        assertThat(put(answer(200, "{\"size\":\"11\"}"))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aLargeObjectWhoseNameIsTakenIsNotSent() throws Exception {
        assertThat(large(error(412, "conditionNotMet"))).isEqualTo(PutOutcome.EXISTED);
        assertThat(large(BEGUN, error(412, "conditionNotMet"))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void anUploadThatTheTargetDoesNotBeginIsNotSent() throws Exception {
        for (String answer : List.of(
                answer(200, ""),
                answer(200, "", "Location: not an address, canary"),
                answer(200, "", "Location: /upload"))) {
            assertThat(largeFailure(answer).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
        assertThat(largeFailure(error(404, "notFound")).code()).isEqualTo(ErrorCode.BUCKET_NOT_FOUND);
    }

    @Test
    void aPieceThatBrokeOffIsAskedForOnceAndTheUploadGoesOn() throws Exception {
        assertThat(large(BEGUN, CUT, FIRST, found(LARGE))).isEqualTo(PutOutcome.CREATED);
        assertThat(large(BEGUN, error(503, "backendError"), FIRST, found(LARGE)))
                .isEqualTo(PutOutcome.CREATED);
        assertThat(large(BEGUN, CUT, answer(308, ""), FIRST, found(LARGE))).isEqualTo(PutOutcome.CREATED);
        assertThat(large(BEGUN, FIRST, CUT, found(LARGE)))
                .as("of the last piece only the answer was lost")
                .isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aPieceOfWhichOnlyAPartWasTakenIsSentAgainFromThere() throws Exception {
        String part = answer(308, "", "Range: bytes=0-262143");
        try (var server = new ScriptedServer(BEGUN, part, found(LARGE));
                GcsStore store = store(server.endpoint())) {
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(LARGE))).isEqualTo(PutOutcome.CREATED);

            assertThat(server.header(2, "content-range"))
                    .isEqualTo("bytes 262144-" + (LARGE.length - 1) + "/" + LARGE.length);
        }
    }

    @Test
    void anUploadThatEndedWithoutSayingSoIsAskedForItsEnd() throws Exception {
        String all = answer(308, "", "Range: bytes=0-" + (LARGE.length - 1));

        assertThat(large(BEGUN, FIRST, all, found(LARGE))).isEqualTo(PutOutcome.CREATED);
        assertThat(largeFailure(BEGUN, FIRST, all, all, all).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatKeepsNothingOfWhatItIsSentIsLeft() throws Exception {
        String nothing = answer(308, "");

        assertThat(largeFailure(BEGUN, nothing, nothing)).isInstanceOf(UnavailableException.class);
        assertThat(largeFailure(BEGUN, CUT, nothing, CUT, nothing)).isInstanceOf(UnavailableException.class);
        assertThat(largeFailure(BEGUN, FIRST, answer(308, "", "Range: bytes=0-262143")))
                .as("it lost what it had")
                .isInstanceOf(UnavailableException.class);
        assertThat(largeFailure(BEGUN, answer(308, "", "Range: bytes=0-99999999")))
                .as("more than it was sent")
                .isInstanceOf(UnavailableException.class);
    }

    @Test
    void anUploadThatBreaksTwiceFailsAndIsLookedForOnlyWhereItMayBeThere() throws Exception {
        try (var server = new ScriptedServer(BEGUN, CUT, CUT);
                GcsStore store = store(server.endpoint())) {
            assertThat(catching(() -> store.putIfAbsent(NAME, ObjectContent.of(LARGE))))
                    .isInstanceOf(UnavailableException.class);
            assertThat(server.requests()).hasSize(3);
        }
        assertThat(large(BEGUN, FIRST, CUT, CUT, found(LARGE))).isEqualTo(PutOutcome.CREATED);
        assertThat(large(BEGUN, FIRST, CUT, error(500, "internalError"), found(LARGE)))
                .isEqualTo(PutOutcome.CREATED);
        String failing = error(500, "internalError");
        assertThat(largeFailure(BEGUN, failing, failing, missing()).context()).containsEntry("http", "500");
        assertThat(largeFailure(BEGUN, failing, CUT, missing()).context()).containsEntry("http", "500");
    }

    @Test
    void aTargetThatWantsToBeLeftAloneIsNotAskedHowFarItIs() throws Exception {
        String busy = answer(503, "", "Retry-After: 30");

        assertThat(largeFailure(BEGUN, busy, missing()).context()).containsEntry("retryAfter", "30");
        assertThat(largeFailure(BEGUN, error(429, "rateLimitExceeded")).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void anUploadThatTheTargetForgotIsLookedFor(int status) throws Exception {
        assertThat(large(BEGUN, FIRST, error(status, "notFound"), found(LARGE))).isEqualTo(PutOutcome.CREATED);

        BackupException failure = largeFailure(BEGUN, FIRST, error(status, "notFound"), missing());
        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure).hasMessageContaining("does not know the upload");
    }

    @Test
    void theAddressOfAnUploadIsThatOfTheServiceAndStandsInNoFailure() throws Exception {
        try (var server = new ScriptedServer(BEGUN, error(400, "invalid"));
                GcsStore store = store(server.endpoint())) {
            BackupException failure = catching(() -> store.putIfAbsent(NAME, ObjectContent.of(LARGE)));

            assertThat(server.requests().get(1)).isEqualTo("PUT /upload/storage/v1/b/bucket/o?upload_id=canary-upload");
            assertThat(failure.describe()).doesNotContain("canary");
        }
    }

    @Test
    void anInterruptedCallIsCancelled() throws Exception {
        try (var server = new ScriptedServer();
                GcsStore store = store(server.endpoint())) {
            for (byte[] bytes : List.of(BYTES, LARGE)) {
                Thread.currentThread().interrupt();
                BackupException failure = catching(() -> store.putIfAbsent(NAME, ObjectContent.of(bytes)));

                assertThat(Thread.interrupted()).isTrue();
                assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
            }
        }
    }

    /** A content that fails, or is shorter, when it is written for the second time. */
    private static ObjectContent changing(int length, boolean isShorter) {
        return new ObjectContent() {
            private int written;

            @Override
            public long length() {
                return length;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                assertThat(target.isOpen()).isTrue();
                boolean isFirst = written++ == 0;
                if (!isFirst && !isShorter) {
                    throw new IOException("canary-path");
                }
                target.write(ByteBuffer.allocate(isFirst ? length : 1));
                target.close();
            }
        };
    }

    @Test
    void aContentThatBreaksWhileItIsSentLeavesNothing() throws Exception {
        for (boolean isShorter : new boolean[] {true, false}) {
            assertThat(failure(store -> store.putIfAbsent(NAME, changing(3_000_000, isShorter)), CUT, missing())
                            .code())
                    .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            String nothing = answer(308, "");
            assertThat(failure(
                                    store -> store.putIfAbsent(NAME, changing(LARGE.length, isShorter)),
                                    BEGUN,
                                    nothing,
                                    nothing,
                                    nothing,
                                    nothing)
                            .code())
                    .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }

    @Test
    void aContentThatIsNotAsLongAsItSaysIsNotMade() throws Exception {
        for (int length : new int[] {5, LARGE.length}) {
            ObjectContent lying = new ObjectContent() {
                @Override
                public long length() {
                    return length;
                }

                @Override
                public void writeTo(WritableByteChannel target) throws IOException {
                    target.write(ByteBuffer.allocate(length + 1));
                }
            };
            try (var server = new ScriptedServer();
                    GcsStore store = store(server.endpoint())) {
                assertThat(catching(() -> store.putIfAbsent(NAME, lying)).code())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
                assertThat(server.requests()).isEmpty();
            }
        }
    }
}
