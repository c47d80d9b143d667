package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.KilledAtAnyCall;
import org.medbackup.testkit.KilledAtAnyCall.Scene;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/** Backups that are killed at any statement: backup mode ends, without which a database does not open after a crash. 20 rounds, 100 in the long run. */
@Timeout(60)
class OracleKilledTest {

    private static final int ROUNDS = Evidence.rounds(20, 100);

    @Test
    void backupModeEndsWhereverABackupIsKilledAlsoTogetherWithItsWatchdog() {
        var played = KilledAtAnyCall.play(20_261_126, ROUNDS, List.of(Ledger::new));

        assertThat(played.rounds()).isEqualTo(ROUNDS);
        assertThat(played.frozen()).isGreaterThan(ROUNDS / 3);
        assertThat(played.replayed()).isBetween(ROUNDS / 10, played.frozen() - ROUNDS / 10);
    }

    /** A database; writes go on in backup mode, so what has to come back is that it is not in it. */
    private static final class Ledger implements Scene {

        private final Stage stage = new Stage(Set.of(), true);

        @Override
        public SteppedTime time() {
            return stage.time;
        }

        @Override
        public Application open(MortalProcess process, Map<String, String> handle) {
            return stage.application(process, handle, Stage.BACKUP_MODE);
        }

        /** Backup mode is one for all: who comes second is refused by the database. */
        @Override
        public void othersBegin() {}

        @Override
        public Object ofOthers() {
            return "nothing";
        }

        @Override
        public boolean writes() {
            long before = stage.database.moved();
            stage.database.transfer();
            return stage.database.moved() == before + 1 && !stage.database.isInBackupMode();
        }

        @Override
        public void close() {
            stage.close();
        }
    }
}
