package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.AuditTrail;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.EngineContext.Sizing;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.testkit.RecordedEvents;

/** A machine with the product on it: sources, one repository, a state folder, and somebody who hears every event. */
final class Site implements AutoCloseable {

    static final String PASSWORD = "correct horse battery staple";
    static final Sizing SMALL = new Sizing(2, 8L << 20, 1);

    /** Every file of a repository with nothing in it and of its keys, by its name. */
    private static final Map<String, byte[]> NEW = newRepository();

    final Path folder;
    final RecordedEvents events = new RecordedEvents();
    final MedBackup product;

    Site(Path folder) {
        this(folder, settings(folder.resolve("state"), new FastClock()));
    }

    static Settings settings(Path state, TimeSource time) {
        Settings usual = Settings.of(state, new Actor("j.doe", "backup01", "ticket 4711", "HOPERAT"));
        return new Settings(
                usual.state(),
                usual.actor(),
                usual.listener(),
                usual.sizing(),
                usual.tool(),
                time,
                usual.entropy(),
                usual.processes(),
                usual.governor());
    }

    /** A clock a minute fast: what was written just now is old enough to be trusted to have been written before. */
    private static final class FastClock implements TimeSource {

        @Override
        public Instant now() {
            return TimeSource.system().now().plusSeconds(60);
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

    Site(Path folder, Settings settings) {
        this.folder = folder;
        this.product = MedBackup.open(settings.with(SMALL).with(events).madeBy("test 1.0"));
    }

    /**
     * With a repository in it, its owner's key, with which it is read from then on, and a writer's: the copy of one that is
     * made once, since to stretch a password takes longer than most of what is tested.
     */
    Site initialised() {
        NEW.forEach((name, content) -> write(folder.resolve(name), content));
        try {
            for (Path key : List.of(writerKey(), ownerKey())) {
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /** Makes a repository and a writer's key, and reads with the password. */
    Site made() {
        product.init(
                reading(),
                writerKey(),
                new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        return this;
    }

    private static Map<String, byte[]> newRepository() {
        try {
            Path folder = Files.createTempDirectory("medbackup-site-");
            try (var site = new Site(folder).made()) {
                site.product.keys().exportRecovery(site.reading(), site.ownerKey());
            }
            Map<String, byte[]> files = new TreeMap<>();
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    if (Files.isRegularFile(file) && !file.startsWith(folder.resolve("state"))) {
                        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
                    }
                    Files.delete(file);
                }
            }
            return files;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Path state() {
        return folder.resolve("state");
    }

    Path repository() {
        return folder.resolve("repository");
    }

    Path writerKey() {
        return folder.resolve("writer.key");
    }

    private Path ownerKey() {
        return folder.resolve("site-owner.key");
    }

    Path source() {
        return folder.resolve("source");
    }

    RepositoryAccess reading() {
        return with(
                Files.exists(ownerKey())
                        ? new CredentialSource.KeyFile(ownerKey())
                        : new CredentialSource.Password(Secret.ofText(PASSWORD)));
    }

    RepositoryAccess writing() {
        return with(new CredentialSource.KeyFile(writerKey()));
    }

    RepositoryAccess with(CredentialSource credential) {
        return new RepositoryAccess(repository().toString(), credential);
    }

    /** Puts a text into a file of the source. */
    Path write(String name, String text) {
        return write(source().resolve(name), text.getBytes(StandardCharsets.UTF_8));
    }

    static Path write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Everything below a folder, as one text in which a search finds what stands anywhere. */
    static String everythingBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            var all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                all.append(file.getFileName()).append('\n');
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1)).append('\n');
            }
            return all.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static PathBytes path(Path path) {
        return PathBytes.of(path.toString());
    }

    BackupOrder order() {
        return new BackupOrder(List.of(path(source())), "ward", new TreeMap<>(), List.of(), false);
    }

    BackupResult backup() {
        return product.backup(writing(), order());
    }

    RestoreOrder restoring(Path target) {
        return new RestoreOrder("latest", PathBytes.of("/"), List.of(), target);
    }

    /** Flips a bit in the middle of every pack of data. */
    void damagePacks() {
        try (Stream<Path> packs = Files.walk(repository().resolve("d"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                for (int at = 0; at < bytes.length; at += 16) {
                    bytes[at] ^= 1;
                }
                Files.write(pack, bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static BackupException failure(ErrorCode code, ThrowingCallable call) {
        BackupException failure = catchThrowableOfType(BackupException.class, call);
        assertThat(failure).as("a failure with %s", code).isNotNull();
        assertThat(failure.code()).isEqualTo(code);
        return failure;
    }

    /** Every entry of the audit trail. Closes the product, which writes it. */
    List<AuditEntry> audit() {
        close();
        Secret key = Secret.copyOf(
                HexFormat.of().parseHex(read(state().resolve("host.key")).strip()));
        try (AuditTrail trail = AuditTrail.open(state().resolve("audit"), key, TimeSource.system(), Entropy.system());
                Stream<AuditEntry> entries = trail.entries(0)) {
            return entries.toList();
        }
    }

    @Override
    public void close() {
        product.close();
    }
}
