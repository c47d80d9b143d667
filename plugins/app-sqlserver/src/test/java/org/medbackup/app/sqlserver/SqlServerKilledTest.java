package org.medbackup.app.sqlserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.KilledAtAnyCall;
import org.medbackup.testkit.KilledAtAnyCall.Scene;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/**
 * Backups that are killed at any statement, in each scope of a suspension and whatever the death of its session means. 20
 * rounds, 100 in the long run.
 */
@Timeout(60)
class SqlServerKilledTest {

    private static final int ROUNDS = Evidence.rounds(20, 100);

    @Test
    void writesGoOnWhereverABackupIsKilledAlsoTogetherWithItsWatchdog() {
        List<Supplier<Scene>> scenes = new ArrayList<>();
        for (Settings.Scope scope : Settings.Scope.values()) {
            scenes.add(() -> new Clinic(scope, false));
            scenes.add(() -> new Clinic(scope, true));
        }

        var played = KilledAtAnyCall.play(20_261_126, ROUNDS, scenes);

        assertThat(played.rounds()).isEqualTo(ROUNDS);
        // Where the death of its session resumes, nothing is frozen then.
        assertThat(played.frozen()).isGreaterThan(ROUNDS / 5);
        assertThat(played.replayed()).isBetween(ROUNDS / 20, played.frozen() - ROUNDS / 20);
    }

    /** Two databases that are backed up, and one that another product has suspended. */
    private static final class Clinic implements Scene {

        private static final String OTHER = "others";

        private final Stage stage = new Stage(Set.of());
        private final Settings.Scope scope;

        Clinic(Settings.Scope scope, boolean deathResumes) {
            this.scope = scope;
            stage.server.deathResumes(deathResumes);
            if (!isWhole()) {
                stage.server.add(OTHER);
            }
        }

        private boolean isWhole() {
            return scope == Settings.Scope.SERVER;
        }

        @Override
        public SteppedTime time() {
            return stage.time;
        }

        @Override
        public Application open(MortalProcess process, Map<String, String> handle) {
            return stage.application(
                    process,
                    handle,
                    Settings.MODE,
                    "snapshot",
                    Settings.SCOPE,
                    Settings.label(scope),
                    Settings.DATABASES,
                    isWhole() ? "" : "clinic,lab]s");
        }

        @Override
        public void othersBegin() {
            if (!isWhole()) {
                stage.server.other("ALTER DATABASE [" + OTHER + "] SET SUSPEND_FOR_SNAPSHOT_BACKUP = ON");
            }
        }

        @Override
        public Object ofOthers() {
            return !isWhole() && stage.server.isSuspended(OTHER);
        }

        @Override
        public boolean writes() {
            boolean clinic = stage.server.write("clinic");
            boolean lab = stage.server.write("lab]s");
            return clinic && lab;
        }

        @Override
        public void close() {
            stage.close();
        }
    }
}
