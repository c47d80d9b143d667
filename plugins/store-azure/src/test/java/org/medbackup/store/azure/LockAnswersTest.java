package org.medbackup.store.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.store.azure.Scripted.NAME;
import static org.medbackup.store.azure.Scripted.bare;
import static org.medbackup.store.azure.Scripted.catching;
import static org.medbackup.store.azure.ScriptedServer.answer;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.Keeping;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.store.common.Silence;

/** What answers mean at a location that asks for locks. */
class LockAnswersTest {

    private final Instant until = Instant.now().plus(Duration.ofDays(40));
    private static final String GONE = bare(404, "BlobNotFound");

    private static AzureStore store(ScriptedServer server) {
        return AzureStoreProvider.open(
                URI.create("azure://clinic/bucket/prefix?lock=compliance&endpoint=" + server.endpoint()),
                Map.of("AZURE_STORAGE_KEY", Scripted.KEY)::get,
                Silence.of(Duration.ofSeconds(2)),
                Throttle.none());
    }

    private static String page(String version) {
        return answer(
                200,
                "<EnumerationResults><Blobs><Blob><Name>prefix/s/one</Name>" + version
                        + "<Properties><Content-Length>3</Content-Length></Properties></Blob></Blobs>"
                        + "<NextMarker/></EnumerationResults>");
    }

    private static String current() {
        return page("<VersionId>2026-01-02T03:04:05.0000001Z</VersionId><IsCurrentVersion>true</IsCurrentVersion>");
    }

    private static String empty() {
        return answer(200, "<EnumerationResults><Blobs/><NextMarker/></EnumerationResults>");
    }

    private static BackupException failure(Consumer<AzureStore> work, String... script) throws Exception {
        try (var server = new ScriptedServer(script);
                AzureStore store = store(server)) {
            BackupException failure = catching(() -> work.accept(store));
            assertThat(failure.describe()).doesNotContain("canary");
            assertThat(failure.context()).containsEntry("store", "azure://clinic/bucket/prefix");
            assertThat(server.requests()).hasSize(script.length);
            return failure;
        }
    }

    private static ObjectStore.Locks locks(ObjectStore store) {
        return store.locks().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<VersionId/>", "<VersionId>first</VersionId>"})
    void aContainerThatSaysNoVersionsCannotBeUsedWithLocks(String version) throws Exception {
        assertThat(failure(store -> store.length(NAME), page(version)).code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-ms-immutability-policy-until-date: soon\r\nx-ms-immutability-policy-mode: locked",
                "x-ms-immutability-policy-until-date: Fri, 03 Jan 2053 11:00:00 GMT",
            })
    void anAnswerThatSaysNoTimeOrNoModeIsNotTakenForNoLock(String headers) throws Exception {
        assertThat(failure(store -> locks(store).until(NAME), current(), answer(200, "", headers))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "400, InvalidHeaderValue, LOCKS_UNAVAILABLE",
        "400, UnsupportedHeader, LOCKS_UNAVAILABLE",
        "409, FeatureNotSupportedForAccount, LOCKS_UNAVAILABLE",
        "409, ImmutabilityPolicyNotAllowed, LOCKS_UNAVAILABLE",
        "400, Md5Mismatch, STORE_UNAVAILABLE",
        "409, ContainerBeingDeleted, BUCKET_NOT_FOUND",
        "403, AuthenticationFailed, STORE_DENIED",
    })
    void whatRefusesALockIsToldFromOtherRefusals(int status, String code, ErrorCode expected) throws Exception {
        ObjectContent locked = ObjectContent.of(new byte[3]).kept(new Keeping("vault", until));
        BackupException failure =
                failure(store -> store.putIfAbsent(NAME, locked), empty(), ScriptedServer.error(status, code));
        assertThat(failure.code()).isEqualTo(expected);
        assertThat(failure.context()).containsEntry("said", code);
    }

    @Test
    void withoutALockTheSameRefusalIsNoneOfIt() throws Exception {
        BackupException failure = failure(
                store -> store.putIfAbsent(NAME, ObjectContent.of(new byte[3])),
                empty(),
                ScriptedServer.error(400, "InvalidHeaderValue"));
        assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aLockOnTheNameIsAQuestionOfWhatLiesThere() throws Exception {
        ObjectContent locked = ObjectContent.of(new byte[3]).kept(new Keeping("vault", until));
        try (var server = new ScriptedServer(
                        empty(),
                        ScriptedServer.error(409, "BlobImmutableDueToPolicy"),
                        Scripted.head(new byte[4], true));
                AzureStore store = store(server)) {
            assertThat(store.putIfAbsent(NAME, locked)).isEqualTo(PutOutcome.EXISTED);
        }
    }

    @Test
    void whatALockIsCannotBeLearntWhereTheTargetSaysSomethingElse() throws Exception {
        assertThat(failure(store -> locks(store).until(NAME), current(), bare(503, "ServerBusy"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(store -> locks(store).until(NAME), current(), GONE).code())
                .isEqualTo(ErrorCode.OBJECT_MISSING);
        assertThat(failure(
                                store -> locks(store).extend(NAME, until),
                                current(),
                                answer(200, ""),
                                ScriptedServer.error(503, "ServerBusy"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(failure(
                                store -> locks(store).extend(NAME, until),
                                current(),
                                answer(200, ""),
                                ScriptedServer.error(403, "AuthorizationPermissionMismatch"),
                                answer(200, ""))
                        .code())
                .isEqualTo(ErrorCode.STORE_DENIED);
    }

    @Test
    void nothingIsDeletedWhereItIsNotKnownWhetherItIsLocked() throws Exception {
        assertThat(failure(store -> store.delete(NAME), current(), bare(503, "ServerBusy"))
                        .code())
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
    }

    @Test
    void aVersionThatIsLockedByTheTargetsClockIsNotDeleted() throws Exception {
        BackupException failure = failure(
                store -> store.delete(NAME),
                current(),
                answer(200, ""),
                answer(202, ""),
                ScriptedServer.error(409, "BlobImmutableDueToPolicy"));
        assertThat(failure.code()).isEqualTo(ErrorCode.DELETION_REFUSED);
    }

    @Test
    void whatAnotherDeletesMeanwhileIsNoneOfOurs() throws Exception {
        try (var server = new ScriptedServer(current(), GONE, GONE, GONE);
                AzureStore store = store(server)) {
            assertThat(store.delete(NAME)).isFalse();
            assertThat(server.requests()).hasSize(4);
            assertThat(server.requests().get(2)).startsWith("DELETE").doesNotContain("versionid");
            assertThat(server.requests().getLast())
                    .startsWith("DELETE")
                    .contains("versionid=2026-01-02T03%3A04%3A05.0000001Z");
        }
    }
}
