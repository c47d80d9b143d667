package org.medbackup.core.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FactsTest {

    @Test
    void whatCanNameAPersonIsKeptApart() {
        Facts facts = Facts.of("files", 3).andVeiled("path", "/srv/Muster_Anna").and("bytes", 10L);

        assertThat(facts.open()).containsOnly(Map.entry("bytes", "10"), Map.entry("files", "3"));
        assertThat(facts.veiled()).containsOnly(Map.entry("path", "/srv/Muster_Anna"));
    }

    @Test
    void namesStandInAFixedOrder() {
        Facts facts = Facts.of("c", 1).and("a", 2).and("b", 3).andVeiled("z", 1).andVeiled("y", 2);

        assertThat(facts.open().keySet()).containsExactly("a", "b", "c");
        assertThat(facts.veiled().keySet()).containsExactly("y", "z");
    }

    @Test
    void addingMakesNewFactsAndTheOldOnesStay() {
        Facts one = Facts.of("a", 1);

        assertThat(one.and("a", 2).open()).containsOnly(Map.entry("a", "2"));
        assertThat(one).isEqualTo(Facts.of("a", "1"));
        assertThat(Facts.NONE.open()).isEmpty();
        assertThat(Facts.NONE.veiled()).isEmpty();
    }

    @Test
    void nobodyCanChangeThemLater() {
        var open = new HashMap<>(Map.of("a", "1"));
        var facts = new Facts(open, Map.of());
        open.put("b", "2");

        assertThat(facts.open()).containsOnlyKeys("a");
        assertThatThrownBy(() -> facts.open().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> facts.veiled().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
    }
}
