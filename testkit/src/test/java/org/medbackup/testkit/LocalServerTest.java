package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class LocalServerTest {

    @TempDir
    Path temp;

    @Test
    void aServerIsThereUntilItIsClosed() {
        var asked = new AtomicInteger();
        String sleep = LocalServer.program("sleep").toString();
        LocalServer server =
                LocalServer.start(temp.resolve("log"), List.of(sleep, "60"), () -> asked.incrementAndGet() == 3);
        server.close();
        server.close();
        assertThat(asked).hasValue(3);
    }

    @Test
    void aServerThatCannotStartIsNotWaitedForAndItsOutputIsShown() {
        String ls = LocalServer.program("ls").toString();
        assertThatThrownBy(() -> LocalServer.start(temp.resolve("log"), List.of(ls, "/no-such-folder"), () -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start")
                .hasMessageContaining("no-such-folder");
    }

    @Test
    void aProgramThatIsNotInstalledSkipsTheTest() {
        assertThatThrownBy(() -> LocalServer.program("no-such-program"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("dev/install-test-tools");
    }

    @Test
    void aSilentServerTakesConnectionsAndOneThatHangsUpEndsThem() throws IOException {
        int gone;
        try (SilentServer silent = SilentServer.start();
                SilentServer hangingUp = SilentServer.hangingUp();
                var ended = new Socket(InetAddress.getLoopbackAddress(), hangingUp.port())) {
            gone = silent.port();
            assertThat(LocalServer.answers(gone)).isTrue();
            assertThat(ended.getInputStream().read()).isEqualTo(-1);
        }
        assertThat(LocalServer.answers(gone)).isFalse();
        assertThat(LocalServer.answers(SilentServer.absentPort())).isFalse();
        assertThat(LocalServer.text(temp.resolve("missing"))).isEmpty();
    }
}
