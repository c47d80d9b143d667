package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

class EventStreamTest {

    private static final String EVENTS = "/v1/runs/" + FakeControl.FINISHED + "/events";

    @TempDir
    Path temp;

    private static List<Members> data(HttpResponse<String> stream) {
        return Pattern.compile("^data: (\\{.+})$", Pattern.MULTILINE)
                .matcher(stream.body())
                .results()
                .map(line -> Json.parseMembers(line.group(1)))
                .toList();
    }

    @Test
    void allEventsOfARunThatIsOverComeAndThenItsEnd() throws Exception {
        try (var site = new Site(temp)) {
            HttpResponse<String> stream = site.send("GET", EVENTS, "Accept", "text/event-stream");

            List<Members> events = data(stream);
            assertThat(events.stream().map(each -> each.whole("seq"))).containsExactly(1L, 2L, 3L, 4L, 5L);
            assertThat(stream.body()).contains("\nid: 5\n").endsWith("event: end\ndata: {}\n\n");
            Members schema = Json.parseMembers("{\"$ref\":\"#/components/schemas/Progress\"}");
            assertThat(events)
                    .allSatisfy(each ->
                            assertThat(Site.DOCUMENT.schema(schema).check(each)).isEmpty());
            assertThat(events.getFirst().find("totalBytes")).isEmpty();
            assertThat(events.getLast().members("eta").find("p50")).contains(new JsonValue.Decimal(2.5));
        }
    }

    @Test
    void whoComesBackMissesNothingAndHasNothingTwice() throws Exception {
        try (var site = new Site(temp)) {
            HttpResponse<String> rest = site.send("GET", EVENTS, "Last-Event-ID", "3");

            assertThat(data(rest).stream().map(each -> each.whole("seq"))).containsExactly(4L, 5L);
            assertThat(site.send("GET", EVENTS, "Last-Event-ID", "three").statusCode())
                    .isEqualTo(400);
            assertThat(site.send("GET", EVENTS, "Accept", "application/json").statusCode())
                    .isEqualTo(406);
            assertThat(site.send("GET", "/v1/runs/none/events").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void aStreamOfARunThatGoesEndsAfterAWhile() throws Exception {
        try (var site = new Site(temp, Duration.ZERO)) {
            HttpResponse<String> stream = site.send("GET", "/v1/runs/" + FakeControl.GOING + "/events");

            assertThat(stream.statusCode()).isEqualTo(200);
            assertThat(data(stream)).hasSize(2);
            assertThat(stream.body()).doesNotContain("event: end");
        }
    }

    @Test
    void whileNothingHappensTheConnectionIsKeptAlive() throws Exception {
        try (var site = new Site(temp, Duration.ofSeconds(15))) {
            HttpResponse<String> stream =
                    site.send("GET", "/v1/runs/" + FakeControl.GOING + "/events", "Last-Event-ID", "5");

            assertThat(data(stream)).isEmpty();
            assertThat(stream.body()).isEqualTo("retry: 1000\n\n:\n\n");
        }
    }
}
