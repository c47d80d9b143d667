package org.medbackup.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.RefusedException;

class FiringTest {

    private static Set<String> of(String text) {
        return Firing.severities(text.getBytes(UTF_8));
    }

    @Test
    void severitiesAreFoundAmongEverythingElse() {
        assertThat(of("[]")).isEmpty();
        assertThat(of("[{\"annotations\":{\"severity\":\"x\"},\"labels\":{\"a\":\"b\",\"severity\":\"error\"},"
                        + "\"receivers\":[{\"name\":\"severity\"}]},{\"labels\":{\"severity\":\"notice\"}},"
                        + "{\"labels\":null},{\"labels\":{\"severity\":[\"y\"]}}]"))
                .containsExactlyInAnyOrder("error", "notice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "<html>canary", "[{\"labels\":{\"canary\"", "\"canary\""})
    void whatIsNoListIsRefusedAndNotQuoted(String answer) {
        assertThatThrownBy(() -> of(answer))
                .isInstanceOf(RefusedException.class)
                .hasNoCause()
                .hasMessageNotContaining("canary");
    }
}
