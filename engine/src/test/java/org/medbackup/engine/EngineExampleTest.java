package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.store.ObjectStore;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.MemoryStore;

class EngineExampleTest {

    @TempDir
    Path temp;

    private static RestoreResult example(ObjectStore store, EngineContext context, Path target) {
        // example:begin
        OperationLog log = OperationLog.silent();
        Repository.Created created = Repository.create(store, context, Secret.ofText("correct horse"));
        try (Repository writer = Repository.open(store, context, new Credential.KeyFile(created.writerKey()), log)) {
            BackupResult result = writer.backup(BackupRequest.of("docs", List.of(PathBytes.of("/etc/hosts"))), log);
            System.err.println(
                    result.files().added() + " new, " + result.bytes().stored() + " bytes stored");
        }
        var password = new Credential.Password(Secret.ofText("correct horse"));
        try (Repository reader = Repository.open(store, context, password, log)) {
            VerifyResult verified = reader.verify(VerifyLevel.CONTENT, 1, Set.of(), log);
            System.err.println(verified.isWhole() ? "whole" : verified.damaged());
            return reader.restore(
                    RestoreRequest.of(reader.find("latest@docs", log).id(), target), log);
        }
        // example:end
    }

    @Test
    void theExampleOfTheManualRestoresWhatItBackedUp() throws IOException {
        RestoreResult result = example(new MemoryStore(), Sandbox.context(temp.resolve("state")), temp.resolve("out"));

        assertThat(result.isComplete()).isTrue();
        assertThat(Files.readString(temp.resolve("out/etc/hosts"), UTF_8))
                .isEqualTo(Files.readString(Path.of("/etc/hosts"), UTF_8));
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/engine.md", "engine/src/test/java/org/medbackup/engine/EngineExampleTest.java");
    }
}
