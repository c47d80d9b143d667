package org.medbackup.store.azure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.azure.Scripted.BYTES;
import static org.medbackup.store.azure.Scripted.NAME;
import static org.medbackup.store.azure.Scripted.bare;
import static org.medbackup.store.azure.Scripted.catching;
import static org.medbackup.store.azure.Scripted.failure;
import static org.medbackup.store.azure.Scripted.head;
import static org.medbackup.store.azure.Scripted.put;
import static org.medbackup.store.azure.Scripted.store;
import static org.medbackup.store.azure.ScriptedServer.CUT;
import static org.medbackup.store.azure.ScriptedServer.answer;
import static org.medbackup.store.azure.ScriptedServer.error;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UnavailableException;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.PutOutcome;

/** What became of a put, whatever the target answered. */
class PutOutcomesTest {

    @Test
    void aPutWhoseAnswerWasLostIsLookedUpAndFoundToBeOurs() throws Exception {
        assertThat(put(CUT, head(BYTES, true))).isEqualTo(PutOutcome.CREATED);
    }

    @Test
    void anObjectWithoutASumIsReadToKnowWhoseItIs() throws Exception {
        assertThat(put(CUT, head(BYTES, false), answer(200, "the content"))).isEqualTo(PutOutcome.CREATED);
        assertThat(put(CUT, head(BYTES, false), answer(200, "the CONTENT"))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void afterAFailureOfTheTargetOtherBytesUnderTheNameAreAnotherWriters() throws Exception {
        assertThat(put(error(500, "InternalError"), head("the CONTENT".getBytes(UTF_8), true)))
                .isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(503, "ServerBusy"), head(new byte[3], true))).isEqualTo(PutOutcome.EXISTED);
    }

    @Test
    void eachWayToSayThatANameIsTakenIsKnown() throws Exception {
        assertThat(put(error(409, "BlobAlreadyExists"))).isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(412, "ConditionNotMet"))).isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(403, "UnauthorizedBlobOverwrite"))).isEqualTo(PutOutcome.EXISTED);
        // A lock on the name, or a server that speaks of the right alone: what is there decides.
        assertThat(put(error(409, "BlobImmutableDueToPolicy"), head(new byte[3], true)))
                .isEqualTo(PutOutcome.EXISTED);
        assertThat(put(error(403, "AuthorizationPermissionMismatch"), head(new byte[3], true)))
                .isEqualTo(PutOutcome.EXISTED);
        assertThat(failure(Scripted::putOne, error(403, "AuthorizationPermissionMismatch"), bare(404, "BlobNotFound"))
                        .code())
                .isEqualTo(ErrorCode.STORE_DENIED);
    }

    @Test
    void aPutThatLeftNothingFailsForTheCallerToTryAgain() throws Exception {
        BackupException failure = failure(Scripted::putOne, CUT, bare(404, "BlobNotFound"));

        assertThat(failure).isInstanceOf(UnavailableException.class);
        assertThat(failure.context()).containsEntry("object", "s/one");
    }

    @Test
    void aPutThatCannotBeLookedUpFailsForTheCallerToTryAgain() throws Exception {
        assertThat(failure(Scripted::putOne, CUT, bare(503, "ServerBusy")).code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(Scripted::putOne, CUT, CUT).code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(Scripted::putOne, CUT, head(BYTES, false), CUT).code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(Scripted::putOne, CUT, head(BYTES, false), error(503, "ServerBusy"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(Scripted::putOne, CUT, head(BYTES, false), answer(200, "the", "Content-Length: 11"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aTargetThatSaysItHasOtherBytesIsNotBelieved() throws Exception {
        assertThat(failure(Scripted::putOne, answer(201, "", "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA=="))
                        .code())
                .isEqualTo(ErrorCode.OBJECT_DAMAGED);
    }

    @Test
    void aLostBlockFailsThePutAndNothingIsCommitted() throws Exception {
        ObjectContent large = ObjectContent.of(new byte[Blocks.LENGTH + 1]);
        try (var server = new ScriptedServer(error(503, "ServerBusy"), error(503, "ServerBusy"));
                AzureStore store = store(server.endpoint())) {
            BackupException failure = catching(() -> store.putIfAbsent(NAME, large));

            assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
            assertThat(server.requests()).noneMatch(request -> request.contains("comp=blocklist"));
        }
        assertThat(failure(store -> store.putIfAbsent(NAME, large), CUT, CUT).code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void blocksThatAnotherWritersCommitTookAwayAreLookedUp() throws Exception {
        byte[] large = new byte[Blocks.LENGTH + 1];
        String made = answer(201, "");
        try (var server = new ScriptedServer(made, made, error(400, "InvalidBlockList"), head(new byte[3], true));
                AzureStore store = store(server.endpoint())) {
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(large))).isEqualTo(PutOutcome.EXISTED);
        }
        try (var server = new ScriptedServer(made, made, CUT, head(large, true));
                AzureStore store = store(server.endpoint())) {
            assertThat(store.putIfAbsent(NAME, ObjectContent.of(large))).isEqualTo(PutOutcome.CREATED);
        }
    }

    @Test
    void anInterruptedCallIsCancelled() throws Exception {
        try (var server = new ScriptedServer();
                AzureStore store = store(server.endpoint())) {
            for (byte[] bytes : List.of(BYTES, new byte[2 * Blocks.LENGTH])) {
                Thread.currentThread().interrupt();
                BackupException failure = catching(() -> store.putIfAbsent(NAME, ObjectContent.of(bytes)));

                assertThat(Thread.interrupted()).isTrue();
                assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
            }
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
                assertThat(target.isOpen()).isTrue();
                written[0]++;
                target.write(ByteBuffer.allocate(2_000_000));
                if (written[0] > 1) {
                    throw new IOException("canary-path");
                }
                target.write(ByteBuffer.allocate(1_000_000));
                target.close();
            }
        };

        BackupException failure = failure(store -> store.putIfAbsent(NAME, breaking), answer(404, ""), answer(404, ""));

        assertThat(failure.code()).isIn(ErrorCode.STORE_UNAVAILABLE, ErrorCode.OBJECT_MISSING);
    }

    @Test
    void aContentThatIsNotAsLongAsItSaysIsNotMade() throws Exception {
        for (int length : new int[] {5, Blocks.LENGTH + 5}) {
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

            assertThat(failure(store -> store.putIfAbsent(NAME, lying), answer(201, ""), answer(201, ""))
                            .code())
                    .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        }
    }
}
