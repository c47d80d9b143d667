package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.core.spi.store.StoreProvider;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.DocumentKind;
import org.medbackup.engine.CollectRequest;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.policy.BuiltInPolicy;
import org.medbackup.recovery.plan.PlanPrediction;
import org.medbackup.recovery.plan.WhatIf;
import org.medbackup.testkit.GlacierServer;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Old studies lie in cold storage; a restore asks for them, waits, and waits on after it was killed. */
class RecallTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The pauses between two looks grow from a second on. */
    private static final int TIMES = 5;

    @TempDir
    static Path folder;

    @TempDir
    Path temp;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static GlacierServer server;
    private Path source;
    private String snapshot = "";

    @BeforeAll
    static void startServer() {
        server = GlacierServer.start(folder);
        System.setProperty("aws.accessKeyId", "canary-id");
        System.setProperty("aws.secretAccessKey", "canary-secret");
        try (S3Client raw = raw()) {
            raw.createBucket(create -> create.bucket("cold"));
        }
    }

    private static S3Client raw() {
        return S3Client.builder()
                .httpClient(Apache5HttpClient.create())
                .endpointOverride(URI.create(server.endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .build();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void writeSource() throws IOException {
        source = Files.createDirectories(temp.resolve("srv"));
        Files.write(
                source.resolve("old.dcm"),
                ClinicalDocuments.of(1).document(DocumentKind.DICOM, 1).content());
        Files.setLastModifiedTime(
                source.resolve("old.dcm"), FileTime.from(Instant.now().minus(Duration.ofDays(900))));
        Files.writeString(source.resolve("readme.txt"), "opening hours");
        Files.writeString(temp.resolve("medbackup.yaml"), """
                repository: "%s"
                targets:
                  cold: {location: "s3://cold/site%d?endpoint=%s&storage-class=GLACIER"}
                  second: {location: "%s"}
                  third: {location: "%s"}
                jobs:
                  pacs: {paths: ["%s"]}
                  copied: {paths: ["%s"], copies: [second]}
                  twice: {paths: ["%s"], copies: [second, third], retryFor: 1s}
                policy: {tiers: {archive: cold}}
                """.formatted(
                        temp.resolve("home"),
                        NUMBER.incrementAndGet(),
                        server.endpoint(),
                        temp.resolve("second"),
                        temp.resolve("third"),
                        source,
                        source,
                        source));
    }

    /** The old study goes to cold storage, from where it comes when it has been looked at so many times. */
    private void backUp(int looks) {
        server.comesAfter(looks);
        try (MedBackup product = open(temp)) {
            product.init(
                    access(temp),
                    null,
                    new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
            snapshot = product.jobs()
                    .run(access(temp), List.of("pacs"))
                    .getFirst()
                    .snapshots()
                    .getFirst();
        }
        try (S3Client raw = raw()) {
            for (var each : raw.listObjectsV2(list -> list.bucket("cold").prefix("site" + NUMBER.get() + "/"))
                    .contents()) {
                for (int i = 0; i < looks; i++) {
                    raw.headObject(head -> head.bucket("cold").key(each.key()));
                }
            }
        }
    }

    private static MedBackup open(Path site) {
        return open(site, TimeSource.system());
    }

    /** For what waits. */
    private static MedBackup openHasty(Path site) {
        return open(site, new Hasty(TIMES));
    }

    private static MedBackup open(Path site, TimeSource time) {
        return MedBackup.open(Site.settings(site.resolve("state"), time)
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(site.resolve("medbackup.yaml")), Map.of()));
    }

    private static RepositoryAccess access(Path site) {
        return new RepositoryAccess(
                site.resolve("home").toString(), new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private static RestoreOrder order(Path site, Path source) {
        return new RestoreOrder("latest", PathBytes.of(source.toString()), List.of(), site.resolve("out"));
    }

    private static RecallOrder patient() {
        return new RecallOrder(Speed.STANDARD, Duration.ofDays(2), PATIENCE.multipliedBy(TIMES));
    }

    @Test
    void aRestoreThatNeedsColdDataEndsBeforeItBeginsAndSaysWhatToDo() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            assertThatThrownBy(() -> product.restore(access(temp), order(temp, source)))
                    .isInstanceOfSatisfying(BackupException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_OFFLINE);
                        assertThat(failure.describe()).contains("1 packs of");
                        assertThat(failure.remedy()).contains("--recall");
                    });
        }
        assertThat(temp.resolve("out")).doesNotExist();
    }

    @Test
    void aPlanSaysWhatLiesColdAndAsksForNothing() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            RecallPlan plan = product.recallPlan(access(temp), order(temp, source));
            RecallPlan again = product.recallPlan(access(temp), order(temp, source));
            RecallPlan warm = product.recallPlan(
                    access(temp),
                    new RestoreOrder(
                            snapshot,
                            PathBytes.of("/"),
                            List.of(PathBytes.of(source.resolve("readme.txt").toString())),
                            temp.resolve("out")));

            assertThat(plan.cold().packs()).isEqualTo(1);
            assertThat(plan.cold().bytes()).isPositive();
            assertThat(plan.readable().packs()).isEqualTo(1);
            assertThat(plan.isReady()).isFalse();
            assertThat(again).isEqualTo(plan);
            assertThat(warm.isReady()).isTrue();
        }
    }

    @Test
    void aRestoreThatMayRecallWaitsAndBringsEverythingBack() {
        backUp(2);
        try (MedBackup product = openHasty(temp)) {
            assertThat(product.restore(access(temp), order(temp, source).recalling(patient()))
                            .isComplete())
                    .isTrue();
        }
        assertThat(temp.resolve("out/old.dcm")).hasSameBinaryContentAs(source.resolve("old.dcm"));
        assertThat(temp.resolve("out/readme.txt")).hasContent("opening hours");
    }

    @Test
    void aRestoreGivesUpWaitingAfterItsTimeAndWhatItAskedForIsOnItsWay() {
        backUp(100);
        try (MedBackup product = openHasty(temp)) {
            var hasty = new RecallOrder(Speed.BULK, Duration.ofDays(2), Duration.ofSeconds(3));
            assertThatThrownBy(() ->
                            product.restore(access(temp), order(temp, source).recalling(hasty)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OBJECT_OFFLINE));

            assertThat(product.recallPlan(access(temp), order(temp, source))
                            .coming()
                            .packs())
                    .isEqualTo(1);
        }
    }

    @Test
    void aPlanSaysWhatEachSpeedTakesAndChoosesTheCheapestThatMeetsTheDeadline() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            RecallPlan plan = product.recallPlan(access(temp), order(temp, source));
            RecallPlan soon = product.recallPlan(
                    access(temp),
                    order(temp, source).recalling(RecallOrder.cheapest().within(Duration.ofHours(6))));

            assertThat(plan.speeds())
                    .containsExactly(
                            new RecallSpeed(Speed.BULK, Duration.ofHours(12)),
                            new RecallSpeed(Speed.STANDARD, Duration.ofHours(5)),
                            new RecallSpeed(Speed.EXPEDITED, Duration.ofMinutes(5)));
            assertThat(plan.speed().orElseThrow().speed()).isEqualTo(Speed.BULK);
            assertThat(plan.cost()).isEmpty();
            assertThat(soon.speed().orElseThrow().speed()).isEqualTo(Speed.STANDARD);
        }
    }

    @Test
    void whatCannotBeKeptIsRefusedBeforeAnythingIsAskedFor() {
        backUp(2);
        var orders = Map.of(
                ErrorCode.RECALL_TOO_SLOW, RecallOrder.cheapest().within(Duration.ofMinutes(1)),
                ErrorCode.RECALL_TOO_DEAR, RecallOrder.cheapest().costing(1_000));
        try (MedBackup product = open(temp)) {
            orders.forEach((code, order) -> assertThatThrownBy(() ->
                            product.restore(access(temp), order(temp, source).recalling(order)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(code)));

            assertThat(product.recallPlan(access(temp), order(temp, source))
                            .cold()
                            .packs())
                    .isEqualTo(1);
        }
        assertThat(temp.resolve("out")).doesNotExist();
    }

    /** As an administrator puts a policy in force that says what the archive costs. */
    private void activatePrices() throws IOException {
        Path key = temp.resolve("anne.key");
        String signer;
        try (MedBackup product = open(temp)) {
            signer = product.policy().newKey(key).text();
        }
        Path configuration = temp.resolve("medbackup.yaml");
        Files.writeString(
                configuration,
                Files.readString(configuration)
                        .replace("policy: {", "policy: {signers: [{name: anne, key: \"" + signer + "\"}], "));
        Path policy = Files.writeString(
                temp.resolve("policy.yaml"),
                BuiltInPolicy.HOSPITAL
                        .text()
                        .replace("version: 1", "version: 2")
                        .replace("recall: 12h}", "recall: 12h, cost: {storage: 1, recall: 20, egress: 90, get: 4}}"));
        try (MedBackup product = open(temp)) {
            product.policy().sign(policy, key);
            product.policy().simulate(policy, null, List.of());
            product.policy().activate(policy);
        }
    }

    @Test
    void thePolicyInForceSaysWhatItCostsAndABudgetIsHeldAgainstIt() throws IOException {
        backUp(2);
        activatePrices();
        try (MedBackup product = open(temp)) {
            RecallPlan plan = product.recallPlan(access(temp), order(temp, source));
            RecallCost cost = plan.cost().orElseThrow();

            assertThat(cost.recall()).isCloseTo(plan.cold().bytes() / 1e9 * 20, within(1e-12));
            assertThat(cost.egress()).isCloseTo(plan.cold().bytes() / 1e9 * 90, within(1e-12));
            assertThat(cost.requests()).isCloseTo(2 * 4 / 1_000.0, within(1e-12));
            RecallOrder tooLittle = RecallOrder.cheapest().costing(cost.total() / 2);
            assertThatThrownBy(() ->
                            product.restore(access(temp), order(temp, source).recalling(tooLittle)))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.RECALL_TOO_DEAR));
            RecallOrder enough = RecallOrder.cheapest().costing(cost.total()).waiting(PATIENCE);
            assertThat(product.restore(access(temp), order(temp, source).recalling(enough))
                            .isComplete())
                    .isTrue();
        }
    }

    @Test
    void aRestoreWithADeadlineAloneChoosesForItself() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            RecallOrder order = RecallOrder.cheapest()
                    .within(Duration.ofHours(24))
                    .waiting(PATIENCE)
                    .inBatchesOf(1);

            assertThat(product.restore(access(temp), order(temp, source).recalling(order))
                            .isComplete())
                    .isTrue();
        }
    }

    @Test
    void thePredictionOfAPlanWaitsForWhatLiesColdAndSaysWhatAnotherSpeedWouldGain() throws IOException {
        backUp(2);
        Path plan = Files.writeString(
                temp.resolve("plan.yaml"), "name: a\napplications: {images: {job: pacs, objectives: {rto: 2d}}}\n");
        try (MedBackup product = open(temp)) {
            PlanPrediction cheap = product.plans().predict(access(temp), plan, temp.resolve("out"));
            PlanPrediction quick = product.plans()
                    .predict(access(temp), plan, temp.resolve("out"), WhatIf.parse(List.of("recall=expedited")));

            assertThat(cheap.criticalPath()).containsExactly("images/RECALL", "images/RESTORE");
            assertThat(cheap.expected()).isGreaterThan(Duration.ofHours(1));
            assertThat(quick.expected()).isLessThan(cheap.expected().dividedBy(10));
            assertThat(cheap.high()).isGreaterThan(cheap.low().multipliedBy(5).dividedBy(4));
        }
    }

    @Test
    void aVerificationReadsWhatIsAtHandAndSaysHowMuchWasNot() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            for (VerifyLevel level : List.of(VerifyLevel.CONTENT, VerifyLevel.RESTORE)) {
                VerifyResult result = product.verify(access(temp), level, 100, List.of());

                assertThat(result.isWhole()).isTrue();
                assertThat(result.cold()).isEqualTo(1);
                assertThat(result.snapshots())
                        .as("and the site's own")
                        .contains(snapshot)
                        .hasSize(2);
            }
            assertThat(product.snapshots(access(temp), "", new TreeMap<>()).stream()
                            .filter(each -> !each.snapshot().isOfSite())
                            .findFirst()
                            .orElseThrow()
                            .verified()
                            .orElseThrow()
                            .share())
                    .isBetween(0.1, 0.99);
            assertThat(product.recallPlan(access(temp), order(temp, source))
                            .cold()
                            .packs())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatGoesIntoColdStorageIsCopiedAtOnceSoThatAJobWithCopiesIsDone() {
        server.comesAfter(2);
        try (MedBackup product = initialised()) {
            JobResult done = product.jobs().run(access(temp), List.of("copied")).getFirst();

            assertThat(done.state()).isEqualTo(JobState.SUCCEEDED);
            assertThat(done.missingCopies()).isZero();
            RepositoryAccess second = new RepositoryAccess(
                    temp.resolve("second").toString(), access(temp).credential());
            assertThat(product.restore(
                                    second,
                                    new RestoreOrder(
                                            "latest", PathBytes.of(source.toString()), List.of(), temp.resolve("out")))
                            .isComplete())
                    .isTrue();
            assertThat(temp.resolve("out/old.dcm")).hasSameBinaryContentAs(source.resolve("old.dcm"));
            assertThat(product.verify(second, VerifyLevel.CONTENT, 100, List.of())
                            .isWhole())
                    .isTrue();
        }
    }

    @Test
    void aTargetOfACopyThatFailsMeanwhileLeavesTheBackupAndTheOthersAlone() throws IOException {
        server.comesAfter(2);
        Files.writeString(temp.resolve("second"), "no folder");
        try (MedBackup product = initialised()) {
            JobResult done = product.jobs().run(access(temp), List.of("twice")).getFirst();

            assertThat(done.state()).isEqualTo(JobState.DEGRADED);
            assertThat(done.snapshots()).hasSize(1);
            RepositoryAccess third = new RepositoryAccess(
                    temp.resolve("third").toString(), access(temp).credential());
            assertThat(product.verify(third, VerifyLevel.CONTENT, 100, List.of())
                            .isWhole())
                    .isTrue();
        }
    }

    private MedBackup initialised() {
        MedBackup product = open(temp);
        product.init(
                access(temp), null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        return product;
    }

    @Test
    void aCollectionLeavesColdPacksAlone() {
        backUp(2);
        try (MedBackup product = open(temp)) {
            assertThat(product.collect(access(temp), CollectRequest.usual()).isWhole())
                    .isTrue();
            assertThat(product.recallPlan(access(temp), order(temp, source))
                            .cold()
                            .packs())
                    .isEqualTo(1);
        }
    }

    @Test
    void aRestoreThatIsKilledWhileItWaitsWaitsOnWhenItIsCalledAgain() throws Exception {
        backUp(12);
        Process waiting = start();
        try (BufferedReader said = waiting.inputReader(StandardCharsets.UTF_8)) {
            assertThat(said.readLine()).isEqualTo("restoring");
            try (MedBackup product = open(temp)) {
                awaitAsked(product);
            }
        } finally {
            waiting.destroyForcibly().waitFor();
        }
        assertThat(temp.resolve("out/old.dcm")).doesNotExist();

        Process again = start();
        assertThat(again.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(again.exitValue()).isZero();
        assertThat(temp.resolve("out/old.dcm")).hasSameBinaryContentAs(source.resolve("old.dcm"));
    }

    private void awaitAsked(MedBackup product) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (product.recallPlan(access(temp), order(temp, source)).coming().packs() == 1) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("nothing was asked for");
    }

    /** A folder in which stands, as a class path says it, which adapters there are: descriptors of modules do not count there. */
    private Path adapters() throws IOException {
        Path services = Files.createDirectories(temp.resolve("adapters/META-INF/services"));
        List<String> names = ServiceLoader.load(StoreProvider.class).stream()
                .map(each -> each.type().getName())
                .toList();
        Files.write(services.resolve(StoreProvider.class.getName()), names);
        return temp.resolve("adapters");
    }

    private Process start() throws IOException {
        String modules = System.getProperty("jdk.module.path", "");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Daws.accessKeyId=canary-id",
                        "-Daws.secretAccessKey=canary-secret",
                        "-cp",
                        adapters() + ":" + System.getProperty("java.class.path")
                                + (modules.isEmpty() ? "" : ":" + modules),
                        RecallTest.class.getName(),
                        temp.toString(),
                        source.toString())
                .redirectError(temp.resolve("errors.txt").toFile())
                .start();
    }

    /** Restores what the test has backed up; to be killed. */
    public static void main(String[] arguments) {
        Path site = Path.of(arguments[0]);
        System.out.println("restoring");
        try (MedBackup product = openHasty(site)) {
            product.restore(access(site), order(site, Path.of(arguments[1])).recalling(patient()));
        }
    }
}
