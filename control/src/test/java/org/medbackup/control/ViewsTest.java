package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViewsTest {

    @Test
    void anRpoIsMetByWhatIsYoungEnoughAndByEverythingWhereThereIsNone() {
        Duration hour = Duration.ofHours(1);

        assertThat(new RpoView(null, null).met()).isTrue();
        assertThat(new RpoView(hour, hour).met()).isTrue();
        assertThat(new RpoView(hour, hour.plusNanos(1)).met()).isFalse();
        assertThat(new RpoView(hour, null).met()).isFalse();
    }

    @Test
    void namesThatCouldBePathsOrPeopleAreRefused() {
        assertThatThrownBy(() -> new JobView("/srv/x", false, null, null, new RpoView(null, null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ObjectView("Meier, Anna", null, null, null, 0, new RpoView(null, null)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ForecastView.JobForecast("A", null, null, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatContradictsItselfIsRefused() {
        assertThatThrownBy(() -> new RunView(
                        "a", "b", RunState.SUCCEEDED, FakeControl.NOON, null, null, null, 1, "x", List.of()))
                .hasMessageContaining("has an end when it is over");
        assertThatThrownBy(() -> new RunQuery(null, null, null, 0)).hasMessageContaining("1 to 500");
        assertThatThrownBy(() -> FakeControl.progress(0)).hasMessageContaining("begin with 1");
        var call = new Call(
                Route.GET_JOB,
                java.util.Map.of(),
                new org.medbackup.documents.JsonValue.Members(java.util.Map.of()),
                "x",
                "y");
        assertThatThrownBy(() -> call.value("name")).hasMessageContaining("does not require name");
    }

    @Test
    void aRunThatNeverBeganTookNoTime() {
        var refused = new RunView(
                "a", "b", RunState.REFUSED, FakeControl.NOON, null, FakeControl.NOON, null, 0, "x", List.of());

        assertThat(refused.took()).isNull();
        assertThat(refused.state().isOpen()).isFalse();
    }
}
