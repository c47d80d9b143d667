package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void whoComesWhenAllPlacesAreTakenIsToldToComeBack() throws Exception {
        var waiting = new CountDownLatch(32);
        var over = new CountDownLatch(1);
        String path = "/v1/runs/" + FakeControl.GOING + "/events";
        try (var site = new Site(temp);
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            site.control.waiting = patience -> {
                waiting.countDown();
                await(over);
                site.time.advance(patience);
            };
            List<Future<Integer>> streams = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                streams.add(readers.submit(
                        () -> site.send("GET", path, "Last-Event-ID", "5").statusCode()));
            }
            await(waiting);

            HttpResponse<String> busy = site.send("GET", path);

            over.countDown();
            assertThat(busy.statusCode()).isEqualTo(503);
            assertThat(Site.json(busy).text("code")).isEqualTo("CONTROL_BUSY");
            assertThat(busy.headers().firstValue("retry-after")).contains("5");
            for (Future<Integer> each : streams) {
                assertThat(each.get()).isEqualTo(200);
            }
        }
    }
}
