package org.medbackup.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.resilience.RecoveringStore;
import org.medbackup.resilience.Target;
import org.medbackup.testkit.S3Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Somebody has stolen a writer's machine, with its key file and its credentials of the bucket, and works with these alone
 * and no program of ours. The policy is the one of docs/store-s3.md.
 */
class StolenWriterTest {

    private static final String BUCKET = "vault";
    private static final Secret PASSWORD = Secret.ofText("correct horse battery staple");
    private static final OperationLog LOG = OperationLog.silent();

    @TempDir
    static Path folder;

    private static S3Server server;
    private static S3Client owner;
    private static S3Client thief;
    private static Path theirs;
    private static Path ours;
    private static BackupResult theirPoint;
    private static BackupResult writersPoint;
    private static Secret writerKey;

    @BeforeAll
    static void aWriterHasBackedUpWithWhatThePolicyLetsIt() throws Exception {
        server = S3Server.start(folder.resolve("server"));
        server.createBucket(BUCKET);
        server.createUser("writer-of-ward-3", "canary-writer-secret");
        owner = raw(S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        thief = raw("writer-of-ward-3", "canary-writer-secret");
        Path profiles = Files.writeString(
                folder.resolve("credentials"),
                "[owner]\naws_access_key_id=" + S3Server.ACCESS_KEY + "\naws_secret_access_key=" + S3Server.SECRET_KEY
                        + "\n[writer]\naws_access_key_id=writer-of-ward-3\n"
                        + "aws_secret_access_key=canary-writer-secret\n");
        System.setProperty("aws.sharedCredentialsFile", profiles.toString());
        owner.putBucketVersioning(
                put -> put.bucket(BUCKET).versioningConfiguration(on -> on.status(BucketVersioningStatus.ENABLED)));
        String policy = policy();
        owner.putBucketPolicy(put -> put.bucket(BUCKET).policy(policy));

        theirs = source("theirs", "the record of another ward");
        ours = source("ours", "the record of ward 3");
        try (ObjectStore store = store("owner")) {
            writerKey = Repository.create(store, context("owner"), PASSWORD).writerKey();
        }
        try (Repository repository = asOwner()) {
            theirPoint = repository.backup(BackupRequest.of("ward-7", List.of(path(theirs))), LOG);
        }
        try (Repository repository = asWriter()) {
            writersPoint = repository.backup(BackupRequest.of("ward-3", List.of(path(ours))), LOG);
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
        System.clearProperty("aws.sharedCredentialsFile");
    }

    private static S3Client raw(String access, String secret) {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret)))
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    /** The policy as it is written in the documentation, for this bucket and this user. */
    private static String policy() throws IOException {
        Path page = Path.of(System.getProperty("medbackup.root"), "docs", "store-s3.md");
        Matcher block =
                Pattern.compile("```json\n(\\{.*?})\n```", Pattern.DOTALL).matcher(Files.readString(page));
        assertThat(block.find()).isTrue();
        return block.group(1)
                .replace("clinic-backups/ward-3", BUCKET + "/repo")
                .replace("clinic-backups", BUCKET)
                .replace("\"ward-3/", "\"repo/")
                .replace("arn:aws:iam::111122223333:user/writer-of-ward-3", "writer-of-ward-3");
    }

    private static Path source(String name, String text) throws IOException {
        Path source = Files.createDirectories(folder.resolve("sources/" + name));
        Files.writeString(source.resolve("record.txt"), text);
        return source;
    }

    private static PathBytes path(Path path) {
        return PathBytes.of(path.toAbsolutePath().toString());
    }

    private static ObjectStore store(String profile) {
        URI location = URI.create("s3://" + BUCKET + "/repo?profile=" + profile + "&endpoint=" + server.endpoint());
        S3Store store = S3StoreProvider.open(S3Location.of(location, name -> null), Duration.ofSeconds(20));
        return new RecoveringStore(
                store,
                Target.usual(TimeSource.system()),
                TimeSource.system(),
                RandomGeneratorFactory.getDefault().create(1));
    }

    private static EngineContext context(String machine) {
        return new EngineContext(
                TimeSource.system(),
                Entropy.system(),
                Throttle.none(),
                folder.resolve("state-" + machine),
                Secret.copyOf(new byte[32]),
                machine,
                new EngineContext.Sizing(2, 8L << 20, 1));
    }

    private static Repository asOwner() {
        return Repository.open(store("owner"), context("owner"), new Credential.Password(PASSWORD), LOG);
    }

    private static Repository asWriter() {
        return Repository.open(store("writer"), context("writer"), new Credential.KeyFile(writerKey), LOG);
    }

    private static List<String> keys(String prefix) {
        return owner.listObjectsV2(list -> list.bucket(BUCKET).prefix("repo/" + prefix)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private static void assertDenied(String what, ThrowingCallable call) {
        assertThatThrownBy(call)
                .as(what)
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        answer -> assertThat(answer.statusCode()).as(what).isEqualTo(403));
    }

    @Test
    void whatThePolicyLetsAWriterDoIsEnoughForItsBackups() throws Exception {
        assertThat(writersPoint.isComplete()).isTrue();
        Files.writeString(ours.resolve("second.txt"), "a second record");
        BackupResult next;
        try (Repository repository = asWriter()) {
            next = repository.backup(BackupRequest.of("ward-3", List.of(path(ours))), LOG);
        }

        try (Repository repository = asOwner()) {
            VerifyResult verified = repository.verify(VerifyLevel.RESTORE, 1, Set.of(), LOG);
            assertThat(verified.damaged()).isEmpty();
            assertThat(verified.snapshots()).contains(theirPoint.snapshot(), writersPoint.snapshot(), next.snapshot());
        }
    }

    @Test
    void packsManifestsTicketsAndTheOwnersKeysCannotBeFetched() {
        var objects = new ArrayList<String>();
        for (String prefix : List.of("d/", "m/", "r/", "s/", "c/", "t/", "keys/owner-", "keys.2/owner-")) {
            assertThat(keys(prefix)).as(prefix).isNotEmpty();
            objects.addAll(keys(prefix));
        }

        for (String key : objects) {
            assertDenied(
                    "get " + key,
                    () -> thief.getObjectAsBytes(get -> get.bucket(BUCKET).key(key)));
        }
    }

    @Test
    void nothingCanBeDeletedNeitherPlainlyNorByVersion() {
        List<ObjectVersion> before =
                owner.listObjectVersions(list -> list.bucket(BUCKET)).versions();
        for (ObjectVersion version : before) {
            assertDenied(
                    "delete " + version.key(),
                    () -> thief.deleteObject(delete -> delete.bucket(BUCKET).key(version.key())));
            assertDenied(
                    "delete a version of " + version.key(),
                    () -> thief.deleteObject(
                            delete -> delete.bucket(BUCKET).key(version.key()).versionId(version.versionId())));
        }

        assertThat(owner.listObjectVersions(list -> list.bucket(BUCKET)).versions())
                .hasSizeGreaterThanOrEqualTo(before.size());
    }

    @Test
    void theBucketsOwnProtectionCannotBeTurnedOff() {
        assertDenied(
                "suspend versioning",
                () -> thief.putBucketVersioning(put -> put.bucket(BUCKET)
                        .versioningConfiguration(off -> off.status(BucketVersioningStatus.SUSPENDED))));
        assertDenied(
                "change the policy",
                () -> thief.putBucketPolicy(put -> put.bucket(BUCKET).policy("{\"Statement\":[]}")));
        assertDenied("delete the policy", () -> thief.deleteBucketPolicy(delete -> delete.bucket(BUCKET)));
        assertDenied("delete the bucket", () -> thief.deleteBucket(delete -> delete.bucket(BUCKET)));
    }

    @Test
    void whatIsOverwrittenIsThereAsAnOlderVersionAndComesBack() {
        String pack = keys("d/").getFirst();
        String slot = "repo/s/" + theirPoint.snapshot();
        for (String key : List.of(pack, slot)) {
            thief.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString("ransom"));

            List<ObjectVersion> versions = owner.listObjectVersions(
                            list -> list.bucket(BUCKET).prefix(key))
                    .versions();
            assertThat(versions).as(key).hasSize(2);
            ObjectVersion newest = versions.stream()
                    .filter(ObjectVersion::isLatest)
                    .findFirst()
                    .orElseThrow();
            owner.deleteObject(delete -> delete.bucket(BUCKET).key(key).versionId(newest.versionId()));
        }

        try (Repository repository = asOwner()) {
            VerifyResult verified = repository.verify(VerifyLevel.RESTORE, 1, Set.of(theirPoint.snapshot()), LOG);
            assertThat(verified.damaged()).isEmpty();
            assertThat(verified.snapshots()).containsExactly(theirPoint.snapshot());
        }
    }

    @Test
    void restorePointsOfOthersAreNeitherListedNorRead() {
        assertDenied(
                "list slots",
                () -> thief.listObjectsV2(list -> list.bucket(BUCKET).prefix("repo/s/")));
        assertDenied("list everything", () -> thief.listObjectsV2(list -> list.bucket(BUCKET)));
        assertDenied("list versions", () -> thief.listObjectVersions(list -> list.bucket(BUCKET)));
        try (Repository repository = asWriter()) {
            assertThatThrownBy(() -> repository.snapshots(LOG))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
        }
    }
}
