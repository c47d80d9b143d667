package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.medbackup.access.Approval;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.sign.Signer;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.service.config.Configuration;
import org.medbackup.testkit.RecordedEvents;

/**
 * A site under rules of access, with one repository and persons who have keys: anna runs backups, bert, cora and dora approve, carl
 * keeps keys and holds, paul decides the policy, rosa restores. Each calls with a certificate.
 */
final class Clinic implements AutoCloseable {

    private static final Configuration NONE = Configuration.none();

    final Path folder;
    final RecordedEvents events = new RecordedEvents();
    final RepositoryAccess access;
    private final AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
    private final Map<String, MedBackup> open = new HashMap<>();
    private final Map<String, Path> keys = new HashMap<>();
    private final Map<String, Signer> signers = new HashMap<>();
    private Configuration configuration = NONE;

    Clinic(Path folder) {
        this.folder = folder;
        this.access = new RepositoryAccess(
                folder.resolve("home").toString(), new CredentialSource.Password(Secret.ofText(Site.PASSWORD)));
        MedBackup first = as("setup");
        first.init(access, null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        for (String person : List.of("anna", "bert", "cora", "dora", "eve")) {
            keys.put(person, folder.resolve(person + ".pem"));
            signers.put(person, first.access().newKey(key(person)));
        }
    }

    /** The product, called by somebody at this host. */
    MedBackup as(String person) {
        return as(person, "state");
    }

    /** The same on another host, which has its own state. */
    MedBackup as(String person, String state) {
        return open.computeIfAbsent(person + "@" + state, name -> MedBackup.open(settings(person, state, false)));
    }

    /** The same in an emergency. */
    MedBackup inEmergency(String person, String reason) {
        return open.computeIfAbsent(
                person + "!" + reason,
                name -> MedBackup.open(settings(person, "state", true).madeBy(reason)));
    }

    private Settings settings(String person, String state, boolean emergency) {
        Settings usual = Settings.of(
                folder.resolve(state),
                new Actor("CN=" + person + ",O=Clinic", "backup01", "ticket 4711", "HOPERAT")
                        .known("certificate", "test"));
        return new Settings(
                        usual.state(),
                        usual.actor(),
                        usual.listener(),
                        usual.sizing(),
                        usual.tool(),
                        new Later(),
                        usual.entropy(),
                        usual.processes(),
                        usual.governor())
                .with(Site.SMALL)
                .with(events)
                .with(configuration, Map.of())
                .calledBy(new Caller(null, emergency));
    }

    /** From now on those who open the product have a configuration. */
    void configure(String text) {
        try {
            Path file = Files.writeString(folder.resolve("medbackup.yaml"), text);
            configuration = MedBackup.configurationFile(Map.of()).load(file);
            closeAll();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private final class Later implements TimeSource {

        @Override
        public Instant now() {
            return TimeSource.system().now().plus(later.get());
        }

        @Override
        public long nanos() {
            return TimeSource.system().nanos();
        }

        @Override
        public void sleep(Duration duration) {
            TimeSource.system().sleep(duration);
        }
    }

    /** Time passes. */
    void wait(Duration time) {
        later.updateAndGet(before -> before.plus(time));
    }

    Path key(String person) {
        return folder.resolve(person + ".pem");
    }

    String publicKey(String person) {
        return java.util.Objects.requireNonNull(signers.get(person)).text();
    }

    /** The rules, as they are usually. */
    String rules() {
        return """
                version: 1
                approvals: {quorum: 2, coolOff: 24h, expires: 7d}
                breakGlass: {reviewWithin: 72h}
                retention: {daily: 30}
                people:
                  anna: {key: "%s", certificate: "CN=anna,O=Clinic", roles: [backup-operator]}
                  bert: {key: "%s", certificate: "CN=bert,O=Clinic", roles: [approver]}
                  cora: {key: "%s", certificate: "CN=cora,O=Clinic", roles: [approver]}
                  dora: {key: "%s", certificate: "CN=dora,O=Clinic", roles: [approver, auditor]}
                  carl: {certificate: "CN=carl,O=Clinic", roles: [security-officer]}
                  paul: {certificate: "CN=paul,O=Clinic", roles: [policy-admin]}
                  rosa: {certificate: "CN=rosa,O=Clinic", roles: [restore-operator]}
                  rita: {certificate: "CN=rita,O=Clinic", roles: [restore-operator], sources: [lab]}
                services:
                  nightly: {certificate: "CN=nightly,O=Clinic"}
                """.formatted(publicKey("anna"), publicKey("bert"), publicKey("cora"), publicKey("dora"));
    }

    /** Rules in a file, signed by some. */
    Path signed(String text, String... persons) {
        try {
            Path file = Files.writeString(folder.resolve("access.yaml"), text);
            Files.deleteIfExists(SignedFiles.beside(file));
            for (String each : persons) {
                as("setup").access().sign(file, key(each));
            }
            return file;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The usual rules come into force. */
    void govern() {
        as("carl").access().activate(signed(rules(), "bert", "cora"), access);
    }

    String backup(String content) {
        try {
            Path source = Files.createDirectories(folder.resolve("ward"));
            Files.writeString(source.resolve("chart"), content);
            return as("nightly")
                    .backup(access, BackupOrder.of(List.of(PathBytes.of(source.toString()))))
                    .snapshot();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A request that two others have approved, and that has cooled off. */
    Approval approved(String requester, Runnable act) {
        Approval made = as(requester).access().request(act).approval();
        as("bert").access().approve(made.request().id(), key("bert"));
        as("cora").access().approve(made.request().id(), key("cora"));
        wait(Duration.ofHours(25));
        return made;
    }

    static void refused(ErrorCode code, ThrowingCallable call) {
        BackupException refused = catchThrowableOfType(BackupException.class, call);
        assertThat(refused).as("it was done").isNotNull();
        assertThat(refused.code()).as(refused.toString()).isEqualTo(code);
    }

    private void closeAll() {
        open.values().forEach(MedBackup::close);
        open.clear();
    }

    @Override
    public void close() {
        closeAll();
    }
}
