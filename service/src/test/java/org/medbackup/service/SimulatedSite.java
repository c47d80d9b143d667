package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.Actor;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.KeyDerivation;
import org.medbackup.engine.RepositoryOptions;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.Snapshot;
import org.medbackup.engine.VerifyLevel;
import org.medbackup.engine.VerifyResult;
import org.medbackup.resilience.FailureCatalogue;
import org.medbackup.testkit.FaultyStore;
import org.medbackup.testkit.FaultyStore.Fault;
import org.medbackup.testkit.MemoryStore;
import org.medbackup.testkit.SeededEntropy;
import org.medbackup.testkit.SimulatedApplications;
import org.medbackup.testkit.SimulatedChannels;
import org.medbackup.testkit.SimulatedTargets;

/**
 * The product with two jobs, on a simulated clock, with a repository and a vault in memory before which a test puts faults:
 * {@code records}, a folder that is copied to the vault and spills to it, and {@code clinic}, an application.
 */
final class SimulatedSite implements AutoCloseable {

    /** What may go wrong at a moment: throws, or does nothing. */
    interface Trouble {

        /** At a call to the repository or the vault. */
        default Fault call(String target, FaultyStore.Call call, String name) {
            return Fault.NONE;
        }

        /** At a phase of the application. */
        default void phase(String phase) {}

        /** At an event. */
        default void event(BackupEvent event) {}
    }

    private static final Trouble NONE = new Trouble() {};

    final Path folder;
    final SimulatedTime time;
    final MemoryStore repository;
    final MemoryStore vault;

    /** What people were told, on both channels. */
    final List<Notification> told = new CopyOnWriteArrayList<>();

    private final String name;
    private final Path file;
    private final SeededEntropy entropy;
    private MedBackup product;
    private volatile Trouble trouble = NONE;
    private volatile boolean dead;
    private final Set<String> given = new HashSet<>();
    private FailureCatalogue catalogue = FailureCatalogue.builtIn();
    private CredentialSource credential = new CredentialSource.None();

    /** A new one. */
    SimulatedSite(Path folder, String name, long seed) {
        this(folder, name, seed, new MemoryStore(), new MemoryStore());
        this.credential = new CredentialSource.Password(Secret.ofText(Site.PASSWORD));
        product.init(
                access(""), null, new RepositoryOptions(KeyDerivation.PBKDF2, RepositoryOptions.Signatures.ED25519));
        // A file that opens without stretching a password: a run opens the repository many times.
        Path key = folder.resolve("owner.key");
        product.keys().exportRecovery(access(""), key);
        this.credential = new CredentialSource.KeyFile(key);
    }

    /** Another machine, with what the targets of one hold now. */
    SimulatedSite(Path folder, String name, long seed, SimulatedSite like) {
        this(folder, name, seed, like.repository.copy(), like.vault.copy());
        this.credential = like.credential;
    }

    private SimulatedSite(Path folder, String name, long seed, MemoryStore repository, MemoryStore vault) {
        this.folder = folder;
        this.name = name;
        this.repository = repository;
        this.vault = vault;
        // Files of now are old enough to be trusted to have been written before.
        this.time = new SimulatedTime(TimeSource.system().now().plus(Duration.ofHours(1)));
        place(name, repository, "repository");
        place(name + "-vault", vault, "vault");
        SimulatedApplications.place(name, phase -> {
            requireAlive();
            trouble.phase(phase);
        });
        write("note.txt", "first");
        write("clinic/table", "rows");
        write("lab/table", "results");
        this.file = folder.resolve("medbackup.yaml");
        this.entropy = new SeededEntropy(seed);
        SimulatedChannels.place(name + "-desk", told::add);
        SimulatedChannels.place(name + "-pager", told::add);
        text(file, """
                repository: sim://%1$s
                channels:
                  desk: {address: "told://%1$s-desk"}
                  pager: {address: "told://%1$s-pager"}
                escalation: {warning: [desk], error: [desk], critical: [pager]}
                applications:
                  ehr: {url: "simulated://%1$s%2$s/source/clinic"}
                  lab: {url: "simulated://%1$s%2$s/source/lab"}
                groups:
                  clinics: {members: [ehr, lab]}
                targets:
                  vault: {location: "sim://%1$s-vault"}
                jobs:
                  records: {paths: ["%2$s/source"], verify: content, copies: [vault], spill: vault, keep: {last: 5}}
                  clinic: {application: ehr, verify: structure}
                  both: {group: clinics}
                """.formatted(name, folder));
        this.product = opened("state");
    }

    /** The product on a state folder of its own or of the site, with the targets and the configuration of the site. */
    MedBackup opened(String state) {
        return opened(settings(state, "host"));
    }

    /** The product with the targets and the configuration of the site. */
    MedBackup opened(Settings settings) {
        return MedBackup.open(
                settings.with(MedBackup.configurationFile(Map.of()).load(file), Map.of()));
    }

    /** For a state folder and a host. */
    Settings settings(String state, String host) {
        Settings usual = Settings.of(folder.resolve(state), new Actor("simulation", host, null, null));
        return new Settings(
                usual.state(),
                usual.actor(),
                event -> trouble.event(event),
                Site.SMALL,
                "test 1.0",
                time,
                entropy,
                usual.processes(),
                usual.governor());
    }

    /** As it is open now. */
    MedBackup product() {
        return product;
    }

    /** The file of the configuration. */
    Path configuration() {
        return file;
    }

    /** The process is killed: nothing that it does from now on reaches anything. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    /** Kills the process, from within a call of it. */
    Killed kill() {
        dead = true;
        return new Killed();
    }

    private void requireAlive() {
        if (dead) {
            throw new Killed();
        }
    }

    boolean isDead() {
        return dead;
    }

    /** Starts it again. */
    void restart() {
        try {
            product.close();
        } catch (RuntimeException | Killed asItDied) {
            // What it left is what the next one finds.
        }
        dead = false;
        trouble = NONE;
        product = opened("state");
    }

    /** Moves the state folder to another disk; its place stays. */
    void moveState(Path to) {
        product.close();
        Path place = folder.resolve("state");
        boolean moved = Processes.system()
                        .run(Command.of(
                                        "sh",
                                        "-c",
                                        "mkdir -p \"$2\" && cp -a \"$1\"/. \"$2\" && rm -rf \"$1\" && ln -s \"$2\" \"$1\"",
                                        "sh",
                                        place.toString(),
                                        to.toString())
                                .within(Duration.ofSeconds(30)))
                        .exitCode()
                == 0;
        if (!moved) {
            throw new IllegalStateException("the state folder cannot be moved");
        }
        product = opened("state");
    }

    /** Mends failures as another catalogue says. */
    void mendingBy(FailureCatalogue other) {
        catalogue = other;
    }

    private void place(String address, MemoryStore store, String target) {
        SimulatedTargets.place(address, new FaultyStore(store, (call, object, number) -> {
            requireAlive();
            return trouble.call(target, call, object);
        }));
    }

    /** Leaves an empty place where the repository was, as a disk does that is not mounted. */
    MemoryStore unmount() {
        var empty = new MemoryStore();
        place(name, empty, "repository");
        return empty;
    }

    /** Puts it back. */
    void mount() {
        place(name, repository, "repository");
    }

    /** Puts trouble in the way, or none. */
    void trouble(Trouble other) {
        trouble = other;
    }

    void calm() {
        trouble = NONE;
    }

    /** Opens everything with another credential from now on. */
    CredentialSource credential(CredentialSource other) {
        CredentialSource before = credential;
        credential = other;
        return before;
    }

    RepositoryAccess access(String suffix) {
        return new RepositoryAccess("sim://" + name + suffix, credential);
    }

    Path source() {
        return folder.resolve("source");
    }

    void write(String file, String text) {
        text(source().resolve(file), text);
    }

    private static void text(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    JobResult run(String job) {
        return product.jobs(catalogue).run(access(""), List.of(job)).getFirst();
    }

    /** Takes the channels out of the configuration. */
    void withoutChannels() {
        configured(text -> text.replaceAll("(?m)^(channels|escalation|  desk|  pager):.*\n", ""));
    }

    /** Says of the audit trail what the configuration did not say so far. */
    void withAudit(String section) {
        configured(text -> text + "audit: " + section + "\n");
    }

    /** Writes another line for the channel of the same name. */
    void withChannel(String line) {
        String of = line.substring(0, line.indexOf(':'));
        configured(text ->
                text.replaceAll("(?m)^  " + of + ":.*$", java.util.regex.Matcher.quoteReplacement("  " + line)));
    }

    private void configured(UnaryOperator<String> change) {
        try {
            text(file, change.apply(Files.readString(file)));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        restart();
    }

    /** A run that somebody holds. */
    JobResult run(String job, RunHold hold) {
        return product.jobs().run(access(""), job, hold);
    }

    /** What waits for a person. */
    IncidentOperations incidents() {
        return product.incidents();
    }

    KeyOperations keys() {
        return product.keys();
    }

    CatalogueOperations catalogue() {
        return product.catalogue();
    }

    /** Somebody deletes a restore point behind the repository's back. */
    void deleted(String id) {
        repository.delete(ObjectName.of("s/" + id));
        repository.delete(ObjectName.of("c/" + id));
    }

    /** Somebody gives restore points up by hand. */
    void forget(String suffix, String... ids) {
        product.forget(access(suffix), RetentionRules.NONE, List.of(ids), false);
    }

    List<CopyLedger.Missing> missingCopies() {
        return product.jobs().missingCopies();
    }

    /** Whether a target holds a restore point whose every file is what it was. */
    boolean holds(String suffix, String snapshot) {
        VerifyResult result = product.verify(access(suffix), VerifyLevel.RESTORE, 100, List.of(snapshot));
        return result.isWhole();
    }

    /** These are given up on purpose, or may be. */
    void givenUp(String... ids) {
        given.addAll(List.of(ids));
    }

    /** Of these, the ones that must stay. */
    List<String> kept(List<String> ids) {
        return ids.stream().filter(each -> !given.contains(each)).toList();
    }

    /** The restore points of a target. */
    List<String> snapshots(String suffix) {
        return snapshots(suffix, false);
    }

    /** The restore points of the site itself. */
    List<String> ofSite(String suffix) {
        return snapshots(suffix, true);
    }

    private List<String> snapshots(String suffix, boolean ofSite) {
        return product.snapshots(access(suffix), "", new TreeMap<>()).stream()
                .map(SnapshotView::snapshot)
                .filter(each -> each.isOfSite() == ofSite)
                .map(Snapshot::id)
                .toList();
    }

    /** What a file was in a restore point. */
    String restored(String suffix, String snapshot, String file) {
        var bytes = new java.io.ByteArrayOutputStream();
        product.dump(
                access(suffix),
                snapshot,
                PathBytes.of(source().resolve(file).toString()),
                java.nio.channels.Channels.newChannel(bytes));
        return bytes.toString(java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        product.close();
        SimulatedTargets.remove(name);
        SimulatedTargets.remove(name + "-vault");
        SimulatedApplications.remove(name);
        SimulatedChannels.remove(name + "-desk");
        SimulatedChannels.remove(name + "-pager");
    }
}
