package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.corpus.Bytes;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.DocumentKind;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.LegalHold;
import org.medbackup.engine.LockResult;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.policy.BuiltInPolicy;
import org.medbackup.testkit.S3Server;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Jobs whose files lie where the policy says: on a folder, in a real bucket with locks, in an archive. */
class TieredRepositoryTest {

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static S3Server server;
    private Path source;
    private String prefix = "";

    @BeforeAll
    static void startServer() {
        server = S3Server.start(folder);
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        try (S3Client raw = raw()) {
            raw.createBucket(create -> create.bucket("locked").objectLockEnabledForBucket(true));
        }
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void writeSource() throws IOException {
        prefix = "site" + NUMBER.incrementAndGet();
        source = Files.createDirectories(temp.resolve("srv"));
        write("orders.db", database());
        write("visit.hl7", document(DocumentKind.HL7_ADT));
        write("claim.x12", document(DocumentKind.X12_837));
        write("old.dcm", document(DocumentKind.DICOM));
        Files.setLastModifiedTime(
                source.resolve("old.dcm"), FileTime.from(Instant.now().minus(Duration.ofDays(900))));
        write("readme.txt", "opening hours".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] database() {
        byte[] pages = Bytes.random(3, 40_960);
        System.arraycopy("SQLite format 3\0".getBytes(StandardCharsets.US_ASCII), 0, pages, 0, 16);
        return pages;
    }

    private static byte[] document(DocumentKind kind) {
        // All patients in these are of age.
        Document made = ClinicalDocuments.of(1).document(kind, 4);
        return made.content();
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(source.resolve(name), content);
    }

    private static S3Client raw() {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    private String bucket(String name) {
        return "s3://locked/" + prefix + "/" + name + "?endpoint=" + server.endpoint() + "&lock=compliance";
    }

    private MedBackup open(String repository, String more) throws IOException {
        String text =
                """
                repository: "%s"
                targets:
                  locked: {location: "%s"}
                  cold: {location: "%s"}
                  second: {location: "%s"}
                jobs: {ward: {paths: ["%s"], verify: content}}
                %s
                """.formatted(repository, bucket("vault"), temp.resolve("cold"), temp.resolve("second"), source, more);
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), text);
        return MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
    }

    private static final String TIERS = "policy: {tiers: {vault: locked, archive: cold}}";

    private RepositoryAccess access(String repository) {
        return new RepositoryAccess(repository, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private RepositoryAccess initialised(MedBackup product, String repository) {
        RepositoryAccess access = access(repository);
        product.init(
                access,
                temp.resolve("writer.key"),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        return access;
    }

    private String home() {
        return temp.resolve("home").toString();
    }

    private static Set<String> packs(Path repository) {
        Path data = repository.resolve("d");
        if (!Files.isDirectory(data)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(data)) {
            var names = new HashSet<String>();
            files.filter(Files::isRegularFile)
                    .forEach(each -> names.add(each.getFileName().toString()));
            return names;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Set<String> keys(String name) {
        var keys = new HashSet<String>();
        try (S3Client raw = raw()) {
            raw.listObjectsV2Paginator(list -> list.bucket("locked").prefix(prefix + "/" + name + "/"))
                    .contents()
                    .forEach(each -> keys.add(each.key()));
        }
        return keys;
    }

    private void assertRestores(MedBackup product, RepositoryAccess access, String snapshot) throws IOException {
        Path target = temp.resolve("out-" + NUMBER.incrementAndGet());
        assertThat(product.restore(
                                access, new RestoreOrder(snapshot, PathBytes.of(source.toString()), List.of(), target))
                        .isComplete())
                .isTrue();
        try (Stream<Path> files = Files.list(source)) {
            for (Path each : files.toList()) {
                assertThat(target.resolve(each.getFileName())).hasSameBinaryContentAs(each);
            }
        }
    }

    @Test
    void aJobPutsEachFileAtTheTargetOfItsTierAndItComesBackFromThere() throws IOException {
        try (MedBackup product = open(home(), TIERS)) {
            RepositoryAccess access = initialised(product, home());

            JobResult done = product.jobs().run(access, List.of("ward")).getFirst();

            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(packs(temp.resolve("home")))
                    .as("the database, and the site")
                    .hasSize(2);
            assertThat(keys("vault"))
                    .as("charts, claims and the rest")
                    .hasSize(3)
                    .allMatch(key -> key.contains("/d/"));
            assertThat(packs(temp.resolve("cold"))).as("the old study").hasSize(1);
            assertThat(temp.resolve("cold/s")).doesNotExist();
            assertRestores(product, access, "latest");
            assertThat(product.snapshots(access, "", new TreeMap<>())
                            .getFirst()
                            .snapshot()
                            .policy())
                    .isEqualTo(BuiltInPolicy.HOSPITAL.policy().digest());
            assertThat(product.verify(access, VerifyLevel.CONTENT, 100, List.of())
                            .isWhole())
                    .isTrue();
            assertThat(product.collect(access, CollectRequest.usual()).isWhole())
                    .isTrue();
        }
    }

    @Test
    void aSecondRunStoresNothingAgainAndACopyHoldsTheFilesOfAllTiers() throws IOException {
        try (MedBackup product = open(home(), TIERS)) {
            RepositoryAccess access = initialised(product, home());
            product.jobs().run(access, List.of("ward"));
            int before = keys("vault").size();

            String second = product.jobs()
                    .run(access, List.of("ward"))
                    .getFirst()
                    .snapshots()
                    .getFirst();
            product.copy(access, second, temp.resolve("second").toString());

            assertThat(keys("vault")).hasSize(before);
            assertRestores(product, access(temp.resolve("second").toString()), second);
        }
    }

    @Test
    void withoutTiersAndWithoutDomainsAllLiesInTheRepositoryApartByRetention() throws IOException {
        try (MedBackup product = open(home(), "")) {
            RepositoryAccess access = initialised(product, home());

            product.backup(access, BackupOrder.of(List.of(PathBytes.of(source.toString()))));

            assertThat(packs(temp.resolve("home")))
                    .as("operational, chart, claims, imaging")
                    .hasSize(4);
            assertRestores(product, access, "latest");
            assertThatThrownBy(() -> product.locks().report(access, List.of()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LOCKS_UNAVAILABLE));
        }
    }

    @Test
    void theLocksOfWhatALegalHoldCoversAreMadeToLastWithThoseOfTheNewest() throws IOException {
        String location = bucket("home");
        try (MedBackup product = open(location, "")) {
            RepositoryAccess access = initialised(product, location);
            String first = product.jobs()
                    .run(access, List.of("ward"))
                    .getFirst()
                    .snapshots()
                    .getFirst();
            write("readme.txt", "other hours".getBytes(StandardCharsets.UTF_8));
            String second = product.jobs()
                    .run(access, List.of("ward"))
                    .getFirst()
                    .snapshots()
                    .getFirst();
            assertThat(product.locks().extendWithHeld(access, List.of(second)))
                    .extracting(each -> each.locks().snapshot())
                    .containsExactly(second);

            product.holds().place(access, "matter", LegalHold.Selector.of(Set.of(first)));

            assertThat(product.locks().extendWithHeld(access, List.of(second)))
                    .extracting(each -> each.locks().snapshot())
                    .containsExactly(second, first);
            assertThat(keys("home").stream().filter(key -> key.contains("/home/h/")))
                    .as("the hold itself")
                    .hasSize(1);
        }
    }

    @Test
    void aJobWithALockedAndVerifiedCopyElsewhereMeetsTheRuleOfCopiesUntilOneIsTakenAway() throws IOException {
        Files.delete(source.resolve("readme.txt"));
        Files.delete(source.resolve("orders.db"));
        String text = """
                repository: "%s"
                targets: {locked: {location: "%s", site: east}}
                jobs: {ward: {paths: ["%s"], verify: content, copies: [locked]}, never: {paths: ["%s"]}}
                """.formatted(home(), bucket("copy"), source, source);
        Path file = Files.writeString(temp.resolve("medbackup.yaml"), text);
        try (MedBackup product =
                MedBackup.open(Settings.of(temp.resolve("state"), new Actor("j.doe", "backup01", null, null))
                        .with(Site.SMALL)
                        .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()))) {
            RepositoryAccess access = initialised(product, home());
            product.jobs().run(access, List.of("ward"));
            product.catalogue().rebuild(access);
            CopyRule unread = product.copyRule(access).getLast();
            product.verify(access(bucket("copy")), VerifyLevel.CONTENT, 100, List.of());
            product.locks().extend(access(bucket("copy")), List.of());
            product.catalogue().rebuild(access);

            List<CopyRule> all = product.copyRule(access);

            assertThat(all).extracting(CopyRule::job).containsExactly("never", "ward");
            assertThat(all.getFirst().missing()).containsExactly(CopyRule.Part.values());
            assertThat(unread.missing()).contains(CopyRule.Part.VERIFIED);
            assertThat(all.getLast().missing()).as("%s", all.getLast()).containsExactly();
            assertThat(all.getLast().places())
                    .extracting(each -> each.where().media())
                    .containsExactly("disk", "object");
        }
    }

    @Test
    void aLockedRestorePointOutlivesWhoeverHasAllCredentialsOfTheTarget() throws IOException {
        String repository = bucket("home");
        for (String each : List.of("orders.db", "readme.txt")) {
            Files.delete(source.resolve(each));
        }
        try (MedBackup product = open(repository, "")) {
            RepositoryAccess access = initialised(product, repository);
            product.keys().addDomain(access, "clinical", KeyDerivation.PBKDF2);
            JobResult done = product.jobs().run(access, List.of("ward")).getFirst();
            String snapshot = done.snapshots().getFirst();

            List<LockResult> all = product.locks().report(access, List.of()).stream()
                    .map(LockOperations.Locked::locks)
                    .toList();
            LockResult report = all.getFirst();

            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(report.isWhole()).isTrue();
            assertThat(report.until())
                    .hasValueSatisfying(
                            end -> assertThat(end).isAfter(Instant.now().plus(Duration.ofDays(89))));
            int refused = destroyAll("home");

            assertThat(all).as("also that of the site").hasSize(2).allMatch(LockResult::isWhole);
            assertThat((long) refused)
                    .isGreaterThan(report.objects())
                    .isLessThanOrEqualTo(
                            all.stream().mapToLong(LockResult::objects).sum());
            assertRestores(product, access, snapshot);
            assertThat(product.verify(access, VerifyLevel.CONTENT, 100, List.of(snapshot))
                            .damaged())
                    .noneMatch(each -> each.object().matches("[dmrsc]/.*"));
        }
    }

    /** What ransomware with the account's keys does: every version is deleted, and every name is hidden. Counts refusals. */
    private int destroyAll(String name) {
        int refused = 0;
        try (S3Client raw = raw()) {
            var versions = new ArrayList<Map.Entry<String, String>>();
            raw.listObjectVersionsPaginator(list -> list.bucket("locked").prefix(prefix + "/" + name + "/"))
                    .versions()
                    .forEach(each -> versions.add(Map.entry(each.key(), each.versionId())));
            for (Map.Entry<String, String> each : versions) {
                try {
                    raw.deleteObject(
                            delete -> delete.bucket("locked").key(each.getKey()).versionId(each.getValue()));
                } catch (S3Exception locked) {
                    refused++;
                    raw.deleteObject(delete -> delete.bucket("locked").key(each.getKey()));
                }
            }
        }
        return refused;
    }

    @Test
    void aWritersJobSetsLocksAndLeavesItToOthersToMakeThemLast() throws IOException {
        String repository = bucket("writer");
        try (MedBackup product = open(repository, "")) {
            RepositoryAccess owner = initialised(product, repository);
            var writer = new RepositoryAccess(repository, new CredentialSource.KeyFile(temp.resolve("writer.key")));

            product.backup(writer, BackupOrder.of(List.of(PathBytes.of(source.toString()))));

            assertThatThrownBy(() -> product.locks().extend(writer, List.of()))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.KEY_ROLE_INSUFFICIENT));
            LockResult extended =
                    product.locks().extend(owner, List.of("latest")).getFirst().locks();
            assertThat(extended.extended()).as("keys and description").isPositive();
            assertThat(extended.locked()).as("all but the packs without a lock").isEqualTo(extended.objects() - 1);
        }
    }

    @Test
    void aKeyDomainIsMadeWithThePasswordAlone() throws IOException {
        try (MedBackup product = open(home(), "")) {
            RepositoryAccess access = initialised(product, home());

            KeyOperations.Keys keys = product.keys().addDomain(access, "part2", KeyDerivation.PBKDF2);

            assertThat(keys.keys()).anyMatch(each -> each.name().equals("part2"));
            var writer = new RepositoryAccess(home(), new CredentialSource.KeyFile(temp.resolve("writer.key")));
            assertThatThrownBy(() -> product.keys().addDomain(writer, "other", KeyDerivation.PBKDF2))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NO_CREDENTIAL_GIVEN));
        }
    }

    @Test
    void targetsAreListedWithWhatLiesAtThem() throws IOException {
        try (MedBackup product = open(home(), TIERS)) {
            assertThat(product.targets())
                    .extracting(TargetEntry::name, TargetEntry::tiers)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("cold", List.of("archive")),
                            org.assertj.core.groups.Tuple.tuple("locked", List.of("vault")),
                            org.assertj.core.groups.Tuple.tuple("second", List.of()));
            assertThat(product.targets()).noneMatch(each -> each.location().contains("?"));
        }
    }
}
