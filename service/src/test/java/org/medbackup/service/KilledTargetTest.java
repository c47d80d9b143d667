package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.service.JobOperations.Reconciled;
import org.medbackup.testkit.S3Server;

/** The target of the repository, a real server, is killed in the middle of a backup. */
class KilledTargetTest {

    private static final int FILES = 60;
    private static final int LENGTH = 1 << 20;

    @TempDir
    Path folder;

    private RepositoryAccess access(String location) {
        return new RepositoryAccess(location, new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
    }

    private static long stored(Path bucket) {
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(each -> each.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException moving) {
            // A file has gone while it was looked at.
            return 0;
        }
    }

    /** Kills the server when four tenths of what is to be stored have come to what was there before. */
    private static Thread killAtFourTenths(S3Server server, long before) {
        long enough = before + FILES * (long) LENGTH * 4 / 10;
        return Thread.ofPlatform().daemon().start(() -> {
            while (stored(server.data("clinic")) < enough) {
                Thread.onSpinWait();
            }
            server.close();
        });
    }

    @Test
    void aBackupWhosePrimaryTargetIsKilledEndsDegradedAndEverythingComesTogetherAfterItsReturn() throws Exception {
        Path source = Files.createDirectories(folder.resolve("srv"));
        for (int i = 0; i < FILES; i++) {
            Files.write(source.resolve("scan" + i), Bytes.random(i, LENGTH));
        }
        System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
        System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
        S3Server server = S3Server.start(Files.createDirectory(folder.resolve("server")));
        server.createBucket("clinic");
        String repository = "s3://clinic/site?endpoint=" + server.endpoint();
        Path second = folder.resolve("second");
        Path file = Files.writeString(folder.resolve("medbackup.yaml"), """
                repository: "%s"
                targets: {second: {location: "%s"}}
                jobs: {ward: {paths: ["%s"], copies: [second], spill: second, retryFor: 10 min}}
                """.formatted(repository, second, source));
        try (MedBackup product = MedBackup.open(Site.settings(
                        // So that the minutes are short for which a target is tried.
                        folder.resolve("state"), new Hasty(60))
                .with(Site.SMALL)
                .with(MedBackup.configurationFile(Map.of()).load(file), Map.of()))) {
            product.init(
                    access(repository),
                    null,
                    new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
            product.jobs().run(access(repository), List.of("ward"));
            for (int i = 0; i < FILES; i++) {
                Files.write(source.resolve("scan" + i), Bytes.random(1000 + i, LENGTH));
            }
            Thread killer = killAtFourTenths(server, stored(server.data("clinic")));

            JobResult done =
                    product.jobs().run(access(repository), List.of("ward")).getFirst();
            killer.join();

            assertThat(done.state()).isEqualTo(JobState.DEGRADED);
            assertThat(done.target()).isEqualTo("second");
            assertThat(product.jobs().missingCopies())
                    .extracting(CopyLedger.Missing::to)
                    .as("of what was backed up, and of the site")
                    .containsExactly(CopyLedger.REPOSITORY, CopyLedger.REPOSITORY);
            assertThat(product.jobs().reconcile(access(repository)))
                    .extracting(Reconciled::state)
                    .containsExactly(Reconciled.State.MISSING, Reconciled.State.MISSING);

            try (S3Server back = server.startedAgain()) {
                // The first calls may still be held back, since so many have failed.
                boolean made = false;
                for (int i = 0; i < 100 && !made; i++) {
                    Thread.sleep(100);
                    made = product.jobs().reconcile(access(repository)).stream()
                            .allMatch(each -> each.state() == Reconciled.State.MADE);
                }

                assertThat(made).isTrue();
                assertThat(product.jobs().missingCopies()).isEmpty();
                assertThat(product.jobs().reconcile(access(repository))).isEmpty();
                String snapshot = done.snapshots().getFirst();
                for (String each : List.of(repository, second.toString())) {
                    assertThat(product.snapshots(access(each), "", new TreeMap<>()))
                            .extracting(view -> view.snapshot().id())
                            .contains(snapshot);
                    assertThat(product.verify(access(each), VerifyLevel.CONTENT, 100, List.of())
                                    .isWhole())
                            .isTrue();
                }
                Path out = folder.resolve("out");
                product.restore(
                        access(repository),
                        new RestoreOrder(snapshot, PathBytes.of(source.toString()), List.of(), out));
                assertThat(out.resolve("scan7")).hasBinaryContent(Bytes.random(1007, LENGTH));
                assertThat(back.endpoint()).isEqualTo(server.endpoint());
            }
        }
    }
}
