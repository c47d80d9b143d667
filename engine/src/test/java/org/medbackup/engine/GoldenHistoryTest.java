package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.RepositoryOptions.Signatures;
import org.medbackup.engine.internal.codec.Envelope;
import org.medbackup.engine.internal.commit.CollectionRecord;
import org.medbackup.engine.internal.commit.Signers;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.keys.KeyRing;
import org.medbackup.engine.internal.log.Findings;
import org.medbackup.engine.internal.pack.PackKind;
import org.medbackup.testkit.MemoryStore;

/**
 * Repositories of version 1 in which everything has happened that can happen to one are read forever. Those in
 * {@code golden/v1-history} are never made again; how they were made is {@link GoldenHistory}.
 */
class GoldenHistoryTest {

    private static final int MOST_BYTES = 300 * 1024;

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();
    private final SortedMap<String, byte[]> files = new TreeMap<>();

    private static InputStream resource(Signatures signatures, String name) {
        String path = "/golden/v1-history/" + signatures.name().toLowerCase(Locale.ROOT) + "/" + name;
        return Objects.requireNonNull(GoldenHistoryTest.class.getResourceAsStream(path));
    }

    /** What is in a golden archive: the objects below {@code repository/}, keys, what to expect. */
    static SortedMap<String, byte[]> files(Signatures signatures) throws IOException {
        var files = new TreeMap<String, byte[]>();
        try (var zip = new ZipInputStream(new GZIPInputStream(resource(signatures, "history.zip.gz")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    /** The lines of a file that begin with a word, without it. */
    static List<String> lines(SortedMap<String, byte[]> files, String name, String word) {
        return new String(Objects.requireNonNull(files.get(name)), UTF_8)
                .lines()
                .filter(line -> line.startsWith(word))
                .map(line -> line.substring(word.length()))
                .toList();
    }

    private List<String> story(String word) {
        return lines(files, "story.txt", word + " ");
    }

    private Sandbox unpack(Signatures which) throws IOException {
        files.putAll(files(which));
        files.forEach((name, bytes) -> {
            if (name.startsWith("repository/")) {
                store.overwrite(ObjectName.of(name.substring("repository/".length())), bytes);
            }
        });
        return new Sandbox(temp.resolve("state"), store);
    }

    private Repository open(EngineContext context, String keyFile) {
        return Repository.open(store, context, new Credential.KeyFile(key(keyFile)), Sandbox.SILENT);
    }

    private Secret key(String name) {
        return Secret.ofText(new String(Objects.requireNonNull(files.get(name)), UTF_8));
    }

    private Repository owner(Sandbox sandbox) {
        var password = new Credential.Password(Secret.ofText(GoldenHistory.PASSWORD));
        return Repository.open(store, sandbox.context, password, Sandbox.SILENT);
    }

    private List<String> there() {
        return story("there");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void everyRestorePointThatIsThereComesBackAsItWas(Signatures which) throws IOException {
        Sandbox sandbox = unpack(which);
        var lines = new ArrayList<String>();
        try (Repository owner = owner(sandbox)) {
            assertThat(owner.snapshots(Sandbox.SILENT))
                    .extracting(Snapshot::id)
                    .containsExactlyInAnyOrderElementsOf(there())
                    .hasSize(3);
            for (String point : there()) {
                Path target = temp.resolve("out-" + point);
                assertThat(owner.restore(RestoreRequest.of(point, target), Sandbox.SILENT)
                                .damaged())
                        .isFalse();
                TreeListing.of(target.resolve(GoldenHistory.SOURCE)).forEach(line -> lines.add(point + " " + line));
            }
        }
        assertThat(lines).isEqualTo(lines(files, "listing.txt", ""));
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void whatWasGivenUpRefusedOrFencedIsNotThere(Signatures which) throws IOException {
        Sandbox sandbox = unpack(which);
        String refused = story("refused").getFirst();
        try (Repository reader = open(sandbox.context, "reader.key")) {
            for (String word : List.of("forgotten", "fenced")) {
                String point = story(word).getFirst();
                assertThat(store.names("s/")).contains(ObjectName.of("s/" + point));
                assertThat(reader.snapshot(point, Sandbox.SILENT)).as(word).isEmpty();
            }
            assertThatExceptionOfType(BackupException.class)
                    .isThrownBy(() -> reader.snapshot(refused, Sandbox.SILENT))
                    .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SIGNATURE_INVALID));

            VerifyResult verified = reader.verify(VerifyLevel.RESTORE, 1, Set.of(), Sandbox.SILENT);

            assertThat(verified.snapshots()).containsExactlyInAnyOrderElementsOf(there());
            assertThat(verified.damaged())
                    .extracting(VerifyResult.Damage::object)
                    .containsExactly("s/" + refused);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void itGoesOnWhereItStopped(Signatures which) throws IOException {
        Sandbox sandbox = unpack(which);
        Path source = Files.createDirectory(temp.resolve("source"));
        Files.write(source.resolve("today.txt"), "today".getBytes(UTF_8));
        String today;
        try (Repository writer = open(sandbox.context, "writer.key")) {
            today = writer.backup(BackupRequest.of("golden", List.of(Sandbox.path(source))), Sandbox.SILENT)
                    .snapshot();
        }

        // A restore point that cannot be believed stops the collector; its owner gives it up.
        try (Repository owner = owner(sandbox)) {
            owner.forget(Set.copyOf(story("refused")), false, Sandbox.SILENT);
        }
        EngineContext later = Sandbox.later(sandbox.context, Duration.ofDays(3650));
        try (Repository maintainer = open(later, "maintainer.key")) {
            maintainer.collect(CollectRequest.usual(), Sandbox.SILENT);
            assertThat(maintainer
                            .verify(VerifyLevel.CIPHERTEXT, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }

        assertThat(store.names("x/")).isEmpty();
        assertThat(store.names("g/")).isEmpty();
        try (Repository reader = open(sandbox.context, "reader.key")) {
            VerifyResult verified = reader.verify(VerifyLevel.RESTORE, 1, Set.of(), Sandbox.SILENT);
            assertThat(verified.damaged()).isEmpty();
            assertThat(verified.snapshots()).contains(today).containsAll(there());
        }
    }

    /** Whoever adds a kind of object adds a golden repository that has one. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void everyKindOfObjectIsInIt(Signatures which) throws IOException {
        Sandbox sandbox = unpack(which);
        Set<Envelope.Kind> kinds = EnumSet.noneOf(Envelope.Kind.class);
        for (ObjectName name : store.names()) {
            if (!name.text().matches("(format|[dmri]/).*")) {
                kinds.add(Envelope.unwrap(store.readAll(name)).kind());
            }
        }
        byte[] placement = Objects.requireNonNull(GoldenPlacementsTest.objects().get("p/01"));
        kinds.add(Envelope.unwrap(placement).kind());
        byte[] hold = GoldenHoldsTest.objects().entrySet().stream()
                .filter(each -> each.getKey().startsWith("h/"))
                .findFirst()
                .orElseThrow()
                .getValue();
        kinds.add(Envelope.unwrap(hold).kind());
        byte[] suspicion = GoldenSuspicionsTest.objects().entrySet().stream()
                .filter(each -> each.getKey().startsWith("a/"))
                .findFirst()
                .orElseThrow()
                .getValue();
        kinds.add(Envelope.unwrap(suspicion).kind());
        byte[] rules = Objects.requireNonNull(GoldenAccessTest.objects().get("l/0000000001"));
        kinds.add(Envelope.unwrap(rules).kind());
        assertThat(kinds).containsExactlyInAnyOrder(Envelope.Kind.values());
        assertThat(PackKind.values())
                .allSatisfy(kind -> assertThat(store.names(kind.prefix())).isNotEmpty());
        try (Repository reader = open(sandbox.context, "reader.key")) {
            KeyRing ring = KeyFile.read(key("reader.key"));
            var findings = new Findings(Sandbox.SILENT);
            Signers signers = Signers.read(store, ring, findings);
            long collection = Long.parseLong(store.names("x/").getFirst().text().substring(2, 18), 16);
            assertThat(CollectionRecord.Kind.values())
                    .allSatisfy(
                            kind -> assertThat(CollectionRecord.find(store, ring, signers, kind, collection, findings))
                                    .isPresent());
            assertThat(signers.all()).extracting(each -> each.role()).contains(KeyRole.values());
            List<KeyInfo> keys = reader.keys().list(Sandbox.SILENT);
            assertThat(keys).extracting(KeyInfo::kind).contains(KeyInfo.Kind.values());
            assertThat(keys).extracting(KeyInfo::state).contains(KeyInfo.State.values());
            assertThat(keys)
                    .extracting(KeyInfo::algorithm)
                    .contains("Argon2id", which == Signatures.HYBRID ? "Ed25519+ML-DSA-65" : "Ed25519");
        }
        assertThat(story("compacted"))
                .isNotEmpty()
                .allSatisfy(pack -> assertThat(store.names("d/")).contains(ObjectName.of(pack)));
    }

    /** The table of objects in the description of the format names what is there, and no more. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theDescriptionOfTheFormatNamesEveryObject(Signatures which) throws IOException {
        unpack(which);
        GoldenPlacementsTest.objects().forEach((name, bytes) -> {
            if (name.startsWith("p/")) {
                store.overwrite(ObjectName.of(name), bytes);
            }
        });
        GoldenHoldsTest.objects().forEach((name, bytes) -> {
            if (name.startsWith("h/")) {
                store.overwrite(ObjectName.of(name), bytes);
            }
        });
        GoldenSuspicionsTest.objects().forEach((name, bytes) -> {
            if (name.startsWith("a/")) {
                store.overwrite(ObjectName.of(name), bytes);
            }
        });
        GoldenAccessTest.objects().forEach((name, bytes) -> {
            if (name.startsWith("l/")) {
                store.overwrite(ObjectName.of(name), bytes);
            }
        });
        // No object of the repository: the audit trail keeps it there.
        store.overwrite(ObjectName.of("b/" + "0".repeat(32)), new byte[] {1});
        Path root = Path.of(System.getProperty("medbackup.root", ".."));
        String page = Files.readString(root.resolve("docs/format.md"));
        String table = page.substring(page.indexOf("| name | what it is"), page.indexOf("PACK is the SHA-256"));
        var prefixes = new ArrayList<String>();
        for (String row : table.strip().lines().skip(2).toList()) {
            Matcher name = Pattern.compile("`([^`]+)`").matcher(row.split("\\|", -1)[1]);
            while (name.find()) {
                prefixes.add(name.group(1).replaceFirst("[A-Z…].*", ""));
            }
        }
        assertThat(prefixes)
                .hasSizeGreaterThan(20)
                .allSatisfy(prefix -> assertThat(store.names(prefix)).as(prefix).isNotEmpty());
        assertThat(store.names()).allSatisfy(name -> assertThat(prefixes).anyMatch(name.text()::startsWith));
    }

    @Test
    void theGoldenFilesAreTheOnesThatWereCommitted() throws IOException {
        long all = 0;
        for (Signatures each : Signatures.values()) {
            try (InputStream archive = resource(each, "history.zip.gz");
                    InputStream sum = resource(each, "sha256.txt")) {
                byte[] content = archive.readAllBytes();
                all += content.length;
                assertThat(HexFormat.of().formatHex(Crypto.sha256(content)))
                        .isEqualTo(new String(sum.readAllBytes(), UTF_8).strip());
            }
        }
        assertThat(all).isLessThan(MOST_BYTES);
    }
}
