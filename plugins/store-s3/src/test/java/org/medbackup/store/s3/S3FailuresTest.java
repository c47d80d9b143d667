package org.medbackup.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.s3.ScriptedServer.CUT;
import static org.medbackup.store.s3.ScriptedServer.answer;
import static org.medbackup.store.s3.ScriptedServer.error;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;

/** What the store makes of each answer of a target, and of none. */
class S3FailuresTest {

    private static final ObjectName NAME = ObjectName.of("s/one");
    private static final byte[] BYTES = "the content".getBytes(UTF_8);
    private static final ObjectContent CONTENT = ObjectContent.of(BYTES);

    @BeforeEach
    void haveCredentials() {
        System.setProperty("aws.accessKeyId", "canary-access");
        System.setProperty("aws.secretAccessKey", "canary-secret");
    }

    private static S3Store store(String endpoint) {
        URI location = URI.create("s3://bucket/prefix?region=eu-central-1&endpoint=" + endpoint);
        return S3StoreProvider.open(S3Location.of(location, name -> null), Duration.ofSeconds(2));
    }

    private static String head(byte[] bytes, boolean summed) {
        var sum = new CRC32C();
        sum.update(bytes);
        var headers = new ArrayList<>(List.of("Content-Length: " + bytes.length));
        if (summed) {
            headers.add("x-amz-checksum-crc32c: " + Upload.encoded(sum));
        }
        return answer(200, "", headers.toArray(String[]::new));
    }

    private static PutOutcome put(String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                S3Store store = store(server.endpoint())) {
            PutOutcome outcome = store.putIfAbsent(NAME, CONTENT);
            assertThat(server.requests()).hasSize(script.length);
            return outcome;
        }
    }

    private static BackupException failure(Consumer<S3Store> work, String... script) throws IOException {
        try (var server = new ScriptedServer(script);
                S3Store store = store(server.endpoint())) {
            try {
                work.accept(store);
            } catch (BackupException failure) {
                assertThat(failure.describe()).doesNotContain("canary");
                assertThat(failure.context()).containsEntry("store", "s3://bucket/prefix");
                return failure;
            }
            throw new AssertionError("it did not fail");
        }
    }

    @Test
    void aPutWhoseAnswerWasLostIsLookedUpAndFoundToBeOurs() throws Exception {
        assertThat(put(CUT, head(BYTES, true))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aTargetWithoutStoredChecksumsIsReadToKnowWhoseAnObjectIs() throws Exception {
        assertThat(put(CUT, head(BYTES, false), answer(200, "the content"))).isEqualTo(PutOutcome.CREATED);
        assertThat(put(CUT, head(BYTES, false), answer(200, "the CONTENT"))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void afterAFailureOfTheTargetOtherBytesUnderTheNameAreAnotherWriters() throws Exception {
        assertThat(put(error(500, "InternalError"), head("the CONTENT".getBytes(UTF_8), true)))
                .isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(503, "SlowDown"), head(new byte[3], true))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void aPutThatLeftNothingFailsForTheCallerToTryAgain() throws Exception {
        BackupException failure = failure(store -> store.putIfAbsent(NAME, CONTENT), CUT, answer(404, ""));

        assertThat(failure).isInstanceOf(UnavailableException.class);
        assertThat(failure.context()).containsEntry("object", "s/one");
    }

    @Test
    void aPutThatCannotBeLookedUpFailsForTheCallerToTryAgain() throws Exception {
        assertThat(failure(store -> store.putIfAbsent(NAME, CONTENT), CUT, error(503, "SlowDown"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(store -> store.putIfAbsent(NAME, CONTENT), CUT, head(BYTES, false), CUT)
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(
                                store -> store.putIfAbsent(NAME, CONTENT),
                                CUT,
                                head(BYTES, false),
                                answer(200, "the", "Content-Length: 11"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aPutThatMeetsAnotherUnderWayAsksAgain() throws Exception {
        String conflict = error(409, "ConditionalRequestConflict");

        assertThat(put(conflict, conflict, error(412, "PreconditionFailed"))).isEqualTo(PutOutcome.EXISTED);
        assertThat(put(conflict, answer(200, ""))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void aConflictWithoutEndIsLookedUp() throws Exception {
        String conflict = error(409, "ConditionalRequestConflict");

        assertThat(put(
                        conflict,
                        conflict,
                        conflict,
                        conflict,
                        conflict,
                        conflict,
                        conflict,
                        conflict,
                        head(new byte[3], true)))
                .isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void aTargetThatSaysItHasOtherBytesIsNotBelieved() throws Exception {
        assertThat(failure(
                                store -> store.putIfAbsent(NAME, CONTENT),
                                answer(200, "", "x-amz-checksum-crc32c: AAAAAA=="))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_DAMAGED);
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied, STORE_DENIED",
        "403, SignatureDoesNotMatch, STORE_DENIED",
        "401, Unauthorized, STORE_DENIED",
        "400, ExpiredToken, STORE_DENIED",
        "403, RequestTimeTooSkewed, CLOCK_UNUSABLE",
        "404, NoSuchBucket, BUCKET_NOT_FOUND",
        "404, NoSuchKey, OBJECT_MISSING",
        "507, InsufficientStorage, NO_SPACE",
        "403, QuotaExceeded, NO_SPACE",
        "500, InternalError, STORE_UNAVAILABLE",
        "503, SlowDown, STORE_UNAVAILABLE",
        "429, TooManyRequests, STORE_UNAVAILABLE",
        "400, BadDigest, STORE_UNAVAILABLE",
    })
    void eachAnswerOfATargetHasItsCode(int status, String said, ErrorCode expected) throws Exception {
        String answer = error(status, said);

        BackupException failure = failure(store -> store.read(NAME, 0, ByteBuffer.allocate(4)), answer);

        assertThat(failure.code()).isEqualTo(expected);
        // By these the catalogue of failures tells one from another.
        assertThat(failure.context())
                .containsEntry("http", Integer.toString(status))
                .containsEntry("said", said);
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
        try (S3Store unknown = store("http://target.invalid")) {
            assertThat(catching(() -> unknown.length(NAME)).context()).containsEntry("cause", "UnknownHostException");
        }
        try (S3Store closed = store("http://127.0.0.1:1")) {
            assertThat(catching(() -> closed.length(NAME)).context().get("cause"))
                    .endsWith("ConnectException");
        }
        assertThat(failure(store -> store.length(NAME), CUT).context().get("cause"))
                .isIn("NoHttpResponseException", "SocketException", "ConnectionClosedException");
        try (var silent = new java.net.ServerSocket(0, 5, java.net.InetAddress.getLoopbackAddress());
                S3Store store = store("http://127.0.0.1:" + silent.getLocalPort())) {
            assertThat(catching(() -> store.length(NAME)).context()).containsEntry("cause", "SocketTimeoutException");
        }
    }

    @Test
    void putsListsAndLooksFailAlike() throws Exception {
        String denied = error(403, "AccessDenied");

        assertThat(failure(store -> store.putIfAbsent(NAME, CONTENT), denied).code())
                .isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.list("d/", info -> {}), denied).code())
                .isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(S3Store::isEmpty, denied).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.length(NAME), answer(403, "")).code()).isEqualTo(ErrorCode.STORE_DENIED);
        assertThat(failure(store -> store.delete(NAME), answer(503, "")).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatTakesAnyChecksumIsKnownForIt() throws Exception {
        try (var server = new ScriptedServer(answer(200, ""));
                S3Store store = store(server.endpoint())) {
            assertThat(store.questions().orElseThrow().refusesWrongChecksum(NAME))
                    .isFalse();
        }
        assertThat(failure(store -> store.questions().orElseThrow().refusesWrongChecksum(NAME), CUT)
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatDoesNotBeginBehindTheNameItWasToldIsNotAskedForEver() throws Exception {
        String page = answer(
                200,
                "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>prefix/list/a</Key><Size>4</Size></Contents>"
                        + "</ListBucketResult>",
                "Content-Type: application/xml");
        try (var server = new ScriptedServer(page, page);
                S3Store store = store(server.endpoint())) {
            assertThat(store.questions().orElseThrow().listInPages("list/")).hasValue(List.of(ObjectName.of("list/a")));
        }
        assertThat(failure(store -> store.questions().orElseThrow().listInPages("list/"), error(403, "AccessDenied"))
                        .code())
                .isEqualTo(ErrorCode.STORE_DENIED);
    }

    @Test
    void aRefusedDeletionIsSaidToBeOne() throws Exception {
        String there = head(BYTES, true);

        assertThat(failure(store -> store.delete(NAME), there, error(403, "AccessDenied"))
                        .code())
                .isEqualTo(ErrorCode.DELETION_REFUSED);
        assertThat(failure(store -> store.delete(NAME), there, error(400, "InvalidRequest"))
                        .code())
                .isEqualTo(ErrorCode.DELETION_REFUSED);
        assertThat(failure(store -> store.delete(NAME), there, error(400, "MalformedXML"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatHidesItsVersionsLosesTheNewestOne() throws Exception {
        String versioned = answer(200, "", "Content-Length: 11", "x-amz-version-id: newest");
        try (var server = new ScriptedServer(versioned, error(403, "AccessDenied"), answer(204, ""));
                S3Store store = store(server.endpoint())) {
            assertThat(store.delete(NAME)).isTrue();

            assertThat(server.requests().getLast()).isEqualTo("DELETE /bucket/prefix/s/one?versionId=newest");
        }
        assertThat(failure(store -> store.delete(NAME), versioned, error(503, "SlowDown"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void anAnswerThatIsCutIsNeverTakenForAWholeOne() throws Exception {
        String cut = answer(206, "0123", "Content-Length: 10", "Content-Range: bytes 0-9/10");

        assertThat(failure(store -> store.read(NAME, 0, ByteBuffer.allocate(10)), cut)
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    /** A client of HTTP takes the end of a connection among the headers for the end of the headers. */
    @Test
    void anAnswerThatIsCutAmongItsHeadersIsNeverTakenForAWholeOne() throws Exception {
        String cut = "HTTP/1.1 200 OK\r\nServer: cut";
        for (Consumer<S3Store> call : List.<Consumer<S3Store>>of(
                store -> store.length(NAME),
                store -> store.read(NAME, 0, ByteBuffer.allocate(10)),
                store -> store.list("d/", info -> {}),
                S3Store::isEmpty)) {
            BackupException failure = failure(call, cut);

            assertThat(failure).isInstanceOf(UnavailableException.class);
            assertThat(failure.context().get("cause")).isNotNull();
        }
    }

    @Test
    void anAnswerInChunksNeedsNoLength() throws Exception {
        String chunked = "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n";
        try (var server = new ScriptedServer(chunked + "0\r\n\r\n", chunked);
                S3Store store = store(server.endpoint())) {
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
    void readingNothingOfAMissingObjectSaysThatItIsMissing() throws Exception {
        assertThat(failure(store -> store.read(NAME, 0, ByteBuffer.allocate(0)), answer(404, ""))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        try (var server = new ScriptedServer(head(BYTES, true));
                S3Store store = store(server.endpoint())) {
            assertThat(store.read(NAME, 0, ByteBuffer.allocate(0))).isZero();
        }
    }

    @Test
    void aTargetThatIsNotThereIsWorthAnotherTry() {
        try (S3Store store = store("http://127.0.0.1:1")) {
            BackupException failure = catching(() -> store.length(NAME));

            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(failure.describe()).contains("ConnectException");
        }
    }

    @Test
    void anInterruptedCallIsCancelled() throws Exception {
        try (var server = new ScriptedServer();
                S3Store store = store(server.endpoint())) {
            Thread.currentThread().interrupt();
            BackupException failure = catching(() -> store.putIfAbsent(NAME, CONTENT));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void aLargeContentThatBreaksWhileItIsSentLeavesNothing() throws Exception {
        var written = new int[1];
        ObjectContent breaking = new ObjectContent() {
            @Override
            public long length() {
                return 3_000_000;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                written[0]++;
                target.write(ByteBuffer.allocate(2_000_000));
                if (written[0] > 1) {
                    throw new IOException("canary-path");
                }
                target.write(ByteBuffer.allocate(1_000_000));
            }
        };

        BackupException failure = failure(store -> store.putIfAbsent(NAME, breaking), answer(404, ""), answer(404, ""));

        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aContentThatIsNotAsLongAsItSaysIsNotSent() throws Exception {
        ObjectContent lying = new ObjectContent() {
            @Override
            public long length() {
                return 5;
            }

            @Override
            public void writeTo(WritableByteChannel target) throws IOException {
                target.write(ByteBuffer.allocate(6));
            }
        };

        assertThat(failure(store -> store.putIfAbsent(NAME, lying)).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aProfileWithoutCredentialsIsSaidToHaveNone() {
        URI location = URI.create("s3://bucket/prefix?profile=nobody-has-this&endpoint=http://127.0.0.1:1");
        try (S3Store store = S3StoreProvider.open(S3Location.of(location, name -> null), Duration.ofSeconds(2))) {
            assertThat(catching(() -> store.length(NAME)).code()).isEqualTo(ErrorCode.STORE_DENIED);
            assertThat(catching(() -> store.putIfAbsent(NAME, CONTENT)).code()).isEqualTo(ErrorCode.STORE_DENIED);
        }
    }

    /** Where the environment of the tests names a region, the location is complete. */
    @Test
    void amazonWithoutARegionIsNoLocation() {
        System.setProperty("aws.disableEc2Metadata", "true");
        S3Location location = S3Location.of(URI.create("s3://bucket/prefix"), name -> null);
        ErrorCode expected = System.getenv("AWS_REGION") == null ? ErrorCode.LOCATION_UNSUPPORTED : null;
        ErrorCode met = null;
        try (S3Store store = S3StoreProvider.open(location, Duration.ofSeconds(2))) {
            assertThat(store.location()).isEqualTo("s3://bucket/prefix");
        } catch (BackupException failure) {
            met = failure.code();
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
        assertThat(met).isEqualTo(expected);
    }

    private static BackupException catching(Runnable work) {
        try {
            work.run();
        } catch (BackupException failure) {
            return failure;
        }
        throw new AssertionError("it did not fail");
    }
}
