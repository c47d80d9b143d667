package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.app.oracle.fake.Rule;

/** The connector on databases that keep the manual's rules, and the proof that each of these rules matters to it. */
@Timeout(180)
class OracleScenarioTest {

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void theConnectorKeepsItsPromises(Scenario scenario) {
        scenario.play(Set.of());
    }

    /** A fake whose rules nobody needs proves nothing: without a rule a story must end otherwise. */
    @ParameterizedTest
    @EnumSource(Rule.class)
    void aRuleThatIsSwitchedOffIsNoticed(Rule rule) {
        List<Scenario> needing = Arrays.stream(Scenario.values())
                .filter(each -> each.needs(rule))
                .toList();

        assertThat(needing).isNotEmpty();
        assertThat(needing).allMatch(scenario -> fails(scenario, rule));
    }

    private static boolean fails(Scenario scenario, Rule without) {
        try {
            scenario.play(Set.of(without));
            return false;
        } catch (RuntimeException | AssertionError noticed) {
            return true;
        }
    }
}
