package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.event.Actor;
import org.medbackup.engine.BackupResult;
import org.medbackup.engine.RestoreResult;
import org.medbackup.testkit.ManualExample;

class ServiceExampleTest {

    @TempDir
    Path temp;

    private static RestoreResult example(Path state, Path store, PathBytes documents, Path target) {
        // example:begin
        Settings settings = Settings.of(state, new Actor("nightly", "server01", "scheduled", null));
        var password = new CredentialSource.Password(Secret.ofText("from your vault"));
        var access = new RepositoryAccess(store.toString(), password);
        try (MedBackup product = MedBackup.open(settings)) {
            product.init(access, null);
            BackupResult backup = product.backup(access, BackupOrder.of(List.of(documents)));
            var order = new RestoreOrder(backup.snapshot(), documents, List.of(), target);
            return product.restore(access, order);
        }
        // example:end
    }

    @Test
    void theTenLinesThatUseTheLibraryAloneBackUpAndRestore() {
        Path documents = temp.resolve("documents");
        Site.write(documents.resolve("letter.txt"), "Dear colleague".getBytes(StandardCharsets.UTF_8));
        Path target = temp.resolve("target");

        RestoreResult result = example(temp.resolve("state"), temp.resolve("store"), Site.path(documents), target);

        assertThat(result.isComplete()).isTrue();
        assertThat(Site.read(target.resolve("letter.txt"))).isEqualTo("Dear colleague");
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/service.md", "service/src/test/java/org/medbackup/service/ServiceExampleTest.java");
    }
}
