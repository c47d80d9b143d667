package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/** A repository with suspicions, as version 1 wrote it, can be read forever, and its source stays frozen. */
class GoldenSuspicionsTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = Objects.requireNonNull(
                GoldenSuspicionsTest.class.getResourceAsStream("/golden/v1-suspicions/" + name))) {
            return stream.readAllBytes();
        }
    }

    @BeforeEach
    void unpack() throws IOException {
        byte[] bytes = resource("repository.zip");
        assertThat(HexFormat.of().formatHex(Crypto.sha256(bytes)))
                .as("it is never made again")
                .isEqualTo(new String(resource("sha256.txt"), UTF_8).strip());
        objects().forEach((name, object) -> store.overwrite(ObjectName.of(name), object));
    }

    static SortedMap<String, byte[]> objects() throws IOException {
        var objects = new TreeMap<String, byte[]>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(resource("repository.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                objects.put(entry.getName(), zip.readAllBytes());
            }
        }
        return objects;
    }

    private Repository open() {
        return Repository.open(
                store,
                Sandbox.context(temp.resolve("state")),
                new Credential.Password(Secret.ofText(GoldenSuspicions.PASSWORD)),
                Sandbox.SILENT);
    }

    @Test
    void everySuspicionSaysWhatItSaid() throws IOException {
        try (Repository repository = open()) {
            assertThat(GoldenSuspicions.lines(repository))
                    .hasSize(5)
                    .isEqualTo(
                            new String(resource("listing.txt"), UTF_8).lines().toList());
            assertThat(store.names("a/")).hasSize(3);
            assertThat(repository
                            .verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }
    }

    @Test
    void whatTheyFreezeIsGivenUpByNobody() {
        try (Repository repository = open()) {
            var newest = new RetentionRules(1, 0, 0, 0, 0, Duration.ZERO);

            ForgetResult result = repository.forget(newest, false, Sandbox.SILENT);

            assertThat(result.removed()).isEmpty();
            assertThat(result.refused()).hasSize(2);
        }
    }
}
