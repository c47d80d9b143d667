package org.medbackup.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.testkit.ManualTime;

/** A server over a fake, and callers; every answer that they get is held against the OpenAPI document. */
final class Site implements AutoCloseable {

    static final ApiDocument DOCUMENT = ApiDocument.load();
    private static final Members ROOT = Json.parseMembers(DOCUMENT.text());

    final FakeControl control = new FakeControl();
    final ManualTime time = new ManualTime(TimeSource.system().now());
    final List<ControlCall> audited = new CopyOnWriteArrayList<>();
    final List<Throwable> unforeseen = new CopyOnWriteArrayList<>();
    final TlsFiles files;
    final ControlServer server;
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private volatile boolean auditFails;

    Site(Path folder) throws IOException {
        this(folder, Duration.ofSeconds(45));
    }

    Site(Path folder, Duration longestStream) throws IOException {
        files = Identities.server(folder, Identities.of("server"));
        ControlSettings loopback = ControlSettings.onLoopback(0, files, Identities.roles());
        var settings = new ControlSettings(loopback.address(), files, Identities.roles(), longestStream);
        control.waiting = time::advance;
        server = ControlServer.open(settings, parts());
    }

    ControlServer.Parts parts() {
        return new ControlServer.Parts(
                control,
                this::audit,
                () -> "# HELP medbackup_up It runs\n# TYPE medbackup_up gauge\nmedbackup_up 1\n",
                unforeseen::add,
                time);
    }

    private void audit(ControlCall call) {
        if (auditFails) {
            throw org.medbackup.core.error.ErrorCode.STATE_UNUSABLE.because("the trail is full");
        }
        audited.add(call);
    }

    void auditFails() {
        auditFails = true;
    }

    int port() {
        return server.address().getPort();
    }

    URI uri(String path) {
        return URI.create("https://localhost:" + port() + path);
    }

    HttpClient client(String caller) {
        return clients.computeIfAbsent(
                caller,
                each -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(Identities.client(Identities.of(each), Identities.of("server")))
                        .build());
    }

    /** A request of the operator. */
    HttpResponse<String> send(String method, String path, String... headers) {
        return as("operator", method, path, null, headers);
    }

    HttpResponse<String> as(String caller, String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = client(caller).send(request.build(), HttpResponse.BodyHandlers.ofString());
            check(method, URI.create(path).getRawPath(), response);
            return response;
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    static Members json(HttpResponse<String> response) {
        return Json.parseMembers(response.body());
    }

    /** Where the document has the operation, it has the answer too, of this form. */
    private static void check(String method, String path, HttpResponse<String> response) {
        String like = method.equals("HEAD") ? "GET" : method;
        for (ApiOperation each : DOCUMENT.operations()) {
            if (each.method().equals(like) && each.path().matcher(path).matches()) {
                Members operation =
                        ROOT.members("paths").members(each.template()).members(like.toLowerCase(java.util.Locale.ROOT));
                check(operation, response, method);
            }
        }
    }

    private static void check(Members operation, HttpResponse<String> response, String method) {
        String status = Integer.toString(response.statusCode());
        assertThat(operation.members("responses").values()).containsKey(status);
        Members answer = resolved(operation.members("responses").members(status));
        if (answer.find("content").isEmpty()) {
            assertThat(response.body()).isEmpty();
            return;
        }
        String type = response.headers().firstValue("content-type").orElse("").split(";")[0];
        assertThat(answer.members("content").values()).containsOnlyKeys(type);
        if (answer.find("headers").isPresent() && response.statusCode() < 300) {
            answer.members("headers")
                    .values()
                    .keySet()
                    .forEach(name -> assertThat(response.headers().firstValue(name))
                            .as(name)
                            .isPresent());
        }
        if (type.endsWith("json") && !method.equals("HEAD")) {
            Members schema = answer.members("content").members(type).members("schema");
            JsonValue body = Json.parse(response.body());
            assertThat(DOCUMENT.schema(schema).check(body)).as(response.body()).isEmpty();
        }
    }

    static Members resolved(Members value) {
        Members at = value;
        if (value.find("$ref").isPresent()) {
            at = ROOT;
            for (String name : value.text("$ref").substring(2).split("/")) {
                at = Objects.requireNonNull(at).members(name);
            }
        }
        return at;
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        server.close();
    }
}
