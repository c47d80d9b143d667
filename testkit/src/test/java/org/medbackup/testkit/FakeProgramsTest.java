package org.medbackup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.process.Command;
import org.medbackup.core.spi.app.CopySink;

class FakeProgramsTest {

    @TempDir
    Path temp;

    @Test
    void aFakeStandsForItsNameAndEverythingElseIsReal() {
        var programs = new FakePrograms(temp);
        programs.script("lvs", "echo fake");

        assertThat(programs.run(Command.of("lvs", "-o", "name")).output()).isEqualTo("fake\n");
        assertThat(programs.run(Command.of("echo", "real")).output()).isEqualTo("real\n");
        try (var running = programs.start(Command.of("lvs"))) {
            assertThat(running.await(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(programs.calls("lvs")).containsExactly("-o name", "");
    }

    @Test
    void aSinkThatReadsKeepsTheLastOfEachPath() throws IOException {
        Path file = Files.writeString(temp.resolve("f"), "one");
        var copies = new ReadCopies();

        copies.file(file, PathBytes.of("/f"), CopySink.Cut.CONTENT);
        copies.content(PathBytes.of("/g"), new byte[] {'t', 'w', 'o'}, PathBytes.of("/f"));

        copies.stream(
                PathBytes.of("/h"),
                new ByteArrayInputStream(new byte[] {'3'}),
                new CopySink.StreamAttributes(0, 0, 0600, Instant.EPOCH),
                CopySink.Cut.CONTENT);

        assertThat(copies.files()).isEqualTo(Map.of("/f", "one", "/g", "two", "/h", "3"));
    }
}
