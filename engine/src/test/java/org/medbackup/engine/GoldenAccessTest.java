package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
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
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.testkit.MemoryStore;

/** A repository with rules of access, as version 1 wrote it, can be read forever, and they hold. */
class GoldenAccessTest {

    @TempDir
    Path temp;

    private final MemoryStore store = new MemoryStore();

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(GoldenAccessTest.class.getResourceAsStream("/golden/v1-access/" + name))) {
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
                new Credential.Password(Secret.ofText(GoldenAccess.PASSWORD)),
                Sandbox.SILENT);
    }

    @Test
    void everyVersionSaysWhatItSaid() throws IOException {
        try (Repository repository = open()) {
            assertThat(GoldenAccess.lines(repository))
                    .hasSize(2)
                    .isEqualTo(
                            new String(resource("listing.txt"), UTF_8).lines().toList());
            assertThat(repository
                            .verify(VerifyLevel.CONTENT, 1, Set.of(), Sandbox.SILENT)
                            .damaged())
                    .isEmpty();
        }
    }

    @Test
    void whatWasUsedUpIsUsedUpAndTheRulesHold() {
        try (Repository repository = open()) {
            assertThat(repository.rules().useUp(GoldenAccess.USED)).isFalse();
            assertThatThrownBy(() -> repository.keys().exportRecovery())
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ACCESS_RULES_UNKNOWN));
        }
    }
}
