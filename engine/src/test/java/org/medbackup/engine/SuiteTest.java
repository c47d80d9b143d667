package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.engine.internal.crypto.Crypto;
import org.medbackup.engine.internal.keys.KeyFile;
import org.medbackup.engine.internal.pack.PackReader;

/** The number of the suite of algorithms cannot be changed, whoever mends the checksums afterwards. */
class SuiteTest {

    private static final int SUITE = 5;

    @TempDir
    Path temp;

    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        Path source = Files.createDirectories(temp.resolve("source"));
        Files.write(source.resolve("a.txt"), "alpha".getBytes(UTF_8));
        sandbox = new Sandbox(temp.resolve("state")).create();
        sandbox.backup(source);
        sandbox.verify(VerifyLevel.PRESENCE);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(BackupException.class)
                .isThrownBy(call)
                .satisfies(refusal -> org.assertj.core.api.Assertions.assertThat(refusal.code())
                        .isIn(
                                ErrorCode.REPOSITORY_TOO_NEW,
                                ErrorCode.OBJECT_DAMAGED,
                                ErrorCode.KEYS_DAMAGED,
                                ErrorCode.FORMAT_DAMAGED));
    }

    /** An envelope with another suite and a right checksum. */
    private static byte[] changed(byte[] object, int suite) {
        byte[] body = Arrays.copyOf(object, object.length - Crypto.KEY);
        body[SUITE] = (byte) suite;
        byte[] whole = Arrays.copyOf(body, object.length);
        System.arraycopy(Crypto.sha256(body), 0, whole, body.length, Crypto.KEY);
        return whole;
    }

    @ParameterizedTest(name = "suite {0}")
    @ValueSource(ints = {0, 2, 127, 255})
    void anEnvelopeOfAnotherSuiteIsRefused(int suite) {
        for (String prefix : new String[] {"keys/", "t/", "s/", "root/", "v/"}) {
            ObjectName name = sandbox.store.names(prefix).getFirst();
            byte[] object = sandbox.store.readAll(name);

            refused(() -> org.medbackup.engine.internal.codec.Envelope.unwrap(changed(object, suite)));
        }
        for (ObjectName name : sandbox.store.names("keys")) {
            if (name.text().contains("owner")) {
                sandbox.store.overwrite(name, changed(sandbox.store.readAll(name), suite));
            }
        }
        refused(() -> sandbox.open());
    }

    @ParameterizedTest(name = "suite {0}")
    @ValueSource(ints = {0, 2, 255})
    void aPackOfAnotherSuiteIsRefused(int suite) {
        ObjectName name = sandbox.store.names("d/").getFirst();
        byte[] pack = sandbox.store.readAll(name);
        for (int block : new int[] {0, pack.length - 64}) {
            pack[block + SUITE] = (byte) suite;
            var crc = new CRC32C();
            crc.update(pack, block, 60);
            for (int i = 0; i < 4; i++) {
                pack[block + 60 + i] = (byte) (crc.getValue() >> 8 * i);
            }
        }
        String hex = HexFormat.of().formatHex(Crypto.sha256(pack));
        ObjectName renamed = ObjectName.of("d/" + hex.substring(0, 2) + "/" + hex);
        sandbox.store.putIfAbsent(renamed, ObjectContent.of(pack));
        var ring = KeyFile.read(sandbox.writerKey());

        refused(() -> new PackReader(sandbox.store, ring.repository(), ring.indexKey()).describe(renamed));
    }

    /** An index segment authenticates its header: whatever number is in it, nothing opens. */
    @Test
    void anIndexSegmentOfAnotherSuiteDoesNotOpen() {
        ObjectName name = sandbox.store.names("i/").getFirst();
        byte[] segment = sandbox.store.readAll(name);
        segment[SUITE] = 2;
        sandbox.store.overwrite(name, segment);

        var elsewhere = sandbox.elsewhere(temp.resolve("elsewhere"));
        try (Repository repository = elsewhere.open()) {
            VerifyResult result = repository.verify(VerifyLevel.STRUCTURE, 1, Set.of(), Sandbox.SILENT);
            org.assertj.core.api.Assertions.assertThat(result.damaged())
                    .extracting(VerifyResult.Damage::object)
                    .contains(name.text());
        }
    }
}
