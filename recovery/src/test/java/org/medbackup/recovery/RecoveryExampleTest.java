package org.medbackup.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Entropy;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.engine.BackupRequest;
import org.medbackup.engine.Credential;
import org.medbackup.engine.EngineContext;
import org.medbackup.engine.Repository;
import org.medbackup.engine.RestoreRequest;
import org.medbackup.engine.RestoreSteps;
import org.medbackup.recovery.simulate.RestoreCosts;
import org.medbackup.testkit.ManualExample;
import org.medbackup.testkit.MemoryStore;

class RecoveryExampleTest {

    private static final Secret PASSWORD = Secret.ofText("correct horse");

    @TempDir
    Path temp;

    private static Prediction example(Repository repository, String snapshot, Path target) {
        OperationLog log = OperationLog.silent();
        // example:begin
        RestoreSteps steps = repository.steps(RestoreRequest.of(snapshot, target), log);
        MicroProbe probe = new MicroProbe(repository, target, RandomGenerator.getDefault(), log);
        RestoreCosts costs = probe.measure(snapshot); // restores a sample into a scratch folder below the target
        Prediction prediction = RestorePredictor.predict(steps, costs);
        for (Prediction.Stage stage : prediction.stages()) {
            System.err.println(stage.name() + " " + stage.expected());
        }
        System.err.println(prediction.low() + " to " + prediction.high());
        // example:end
        return prediction;
    }

    @Test
    void theExampleOfTheManualPredictsARestore() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        for (int i = 0; i < 20; i++) {
            Files.write(source.resolve("note" + i), ("note " + i).getBytes(UTF_8));
        }
        var context = new EngineContext(
                TimeSource.system(),
                Entropy.system(),
                Throttle.none(),
                temp.resolve("state"),
                Secret.copyOf(new byte[32]),
                "host",
                new EngineContext.Sizing(1, 8L << 20, 1));
        var store = new MemoryStore();
        Repository.create(store, context, PASSWORD);
        OperationLog log = OperationLog.silent();
        try (Repository repository = Repository.open(store, context, new Credential.Password(PASSWORD), log)) {
            String id = repository
                    .backup(BackupRequest.of("notes", List.of(PathBytes.of(source.toString()))), log)
                    .snapshot();

            Prediction prediction = example(repository, id, temp.resolve("target"));

            assertThat(prediction.expected()).isPositive();
            assertThat(prediction.low()).isLessThan(prediction.high());
            assertThat(temp.resolve("target")).isEmptyDirectory();
        }
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/recovery.md", "recovery/src/test/java/org/medbackup/recovery/RecoveryExampleTest.java");
    }
}
