package org.medbackup.app.mongodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.app.mongodb.fake.FakeMember;
import org.medbackup.core.spi.app.Application;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.KilledAtAnyCall;
import org.medbackup.testkit.KilledAtAnyCall.Scene;
import org.medbackup.testkit.MortalProcess;
import org.medbackup.testkit.SteppedTime;

/** Backups that are killed at any command. 20 rounds, 100 in the long run. */
@Timeout(120)
class MongoKilledTest {

    private static final int ROUNDS = Evidence.rounds(20, 100);

    @Test
    void writesGoOnWhereverABackupIsKilledAlsoTogetherWithItsWatchdog() {
        Supplier<Scene> locked = () -> new Ward("lock");
        var played =
                KilledAtAnyCall.play(20_261_126, ROUNDS, List.of(locked, locked, locked, () -> new Ward("cursor")));

        assertThat(played.rounds()).isEqualTo(ROUNDS);
        assertThat(played.frozen()).isGreaterThan(ROUNDS / 5);
        assertThat(played.replayed()).isBetween(ROUNDS / 20, played.frozen() - ROUNDS / 20);
    }

    /** One member; while it is locked another product holds a backup cursor on it. */
    private static final class Ward implements Scene {

        private final Stage stage = new Stage();
        private final FakeMember member = stage.member("rs0");
        private final String mode;

        Ward(String mode) {
            this.mode = mode;
        }

        @Override
        public SteppedTime time() {
            return stage.time;
        }

        @Override
        public Application open(MortalProcess process, Map<String, String> handle) {
            return stage.application(process, member, handle, Settings.MODE, mode);
        }

        @Override
        public void othersBegin() {
            if (mode.equals("lock")) {
                member.anotherCursor();
            }
        }

        /** A cursor of our own is not of another; the server gives it up when its session does not ask. */
        @Override
        public Object ofOthers() {
            return mode.equals("lock") && member.hasCursor();
        }

        @Override
        public boolean writes() {
            return member.write();
        }

        @Override
        public void close() {
            stage.close();
        }
    }
}
