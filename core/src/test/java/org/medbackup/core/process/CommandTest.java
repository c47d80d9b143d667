package org.medbackup.core.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTest {

    @Test
    void aCallIsPutTogetherStepByStep() {
        Command plain = Command.of("/usr/bin/pg_ctl", "status");

        Command full = plain.within(Duration.ofSeconds(5))
                .with("PGDATA", "/d")
                .in(Path.of("/tmp"))
                .writingTo(Path.of("/tmp/log"))
                .prefixed(List.of("setpriv", "--reuid=1"));

        assertThat(full.arguments()).containsExactly("setpriv", "--reuid=1", "/usr/bin/pg_ctl", "status");
        assertThat(full.program()).isEqualTo("setpriv");
        assertThat(full.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(full.environment()).containsEntry("PGDATA", "/d").containsEntry("LC_ALL", "C.UTF-8");
        assertThat(full.directory()).isEqualTo(Path.of("/tmp"));
        assertThat(full.output()).isEqualTo(Path.of("/tmp/log"));
        assertThat(plain).isEqualTo(Command.of(List.of("/usr/bin/pg_ctl", "status")));
        assertThat(plain.environment()).containsOnlyKeys("PATH", "LC_ALL");
        assertThat(plain.program()).isEqualTo("pg_ctl");
    }

    @Test
    void aCallKeepsItsGroupAndItsOnlyEnvironment() {
        Command command = Command.of("true")
                .inOwnGroup()
                .withOnly(java.util.Map.of("A", "1"))
                .within(Duration.ofSeconds(1))
                .with("B", "2")
                .in(Path.of("/"))
                .writingTo(Path.of("/tmp/log"))
                .prefixed(List.of("nice"));

        assertThat(command.ownGroup()).isTrue();
        assertThat(command.environment()).containsOnlyKeys("A", "B");
        assertThat(Command.of("true").ownGroup()).isFalse();
    }

    @Test
    void aCallWithoutAProgramIsNone() {
        assertThatThrownBy(() -> Command.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void argumentsCannotBeChangedLater() {
        var words = new ArrayList<>(List.of("true"));
        Command command = Command.of(words);
        words.add("more");

        assertThat(command.arguments()).containsExactly("true");
    }
}
