package org.medbackup.governor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerTest {

    @TempDir
    Path temp;

    private Owner with(String stat) throws IOException {
        Files.writeString(Files.createDirectories(temp.resolve("4711")).resolve("stat"), stat);
        return new Owner(4711, 99);
    }

    /** As proc(5) has it, with a name that is made to mislead. */
    private static String stat(String state, int threads, long started) {
        return "4711 (a) Z 1 (b) " + state + " 1 4711 4711 0 -1 4194304 1 0 0 0 7 3 0 0 20 0 " + threads + " 0 "
                + started + " 1000 200 18446744073709551615\n";
    }

    @Test
    void thisProcessRuns() {
        assertThat(Owner.current().isGone()).isFalse();
        assertThat(Owner.current().process()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void aProcessThatEndedIsGoneBeforeAndAfterItsParentNoticed() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        var owner = new Owner(sleeper.pid(), started(sleeper.pid()));
        assertThat(owner.isGone()).isFalse();

        sleeper.destroyForcibly().waitFor();

        assertThat(owner.isGone()).isTrue();
    }

    private static long started(long process) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
    }

    @Test
    void anotherProcessOfTheSameNumberIsNotTheSame() throws IOException {
        assertThat(with(stat("S", 4, 99)).isGone(temp)).isFalse();
        assertThat(with(stat("S", 4, 100)).isGone(temp)).isTrue();
        assertThat(new Owner(4712, 99).isGone(temp)).isTrue();
    }

    @Test
    void aZombieIsGoneUnlessOtherThreadsOfItRun() throws IOException {
        assertThat(with(stat("Z", 1, 99)).isGone(temp)).isTrue();
        assertThat(with(stat("X", 0, 99)).isGone(temp)).isTrue();
        assertThat(with(stat("Z", 4, 99)).isGone(temp)).isFalse();
    }

    @Test
    void whatCannotBeToldIsNotGone() throws IOException {
        assertThat(with("4711 (half a line").isGone(temp)).isFalse();
        assertThat(with("").isGone(temp)).isFalse();
        assertThat(with("4711 (x) S").isGone(temp)).isFalse();
    }
}
