package org.medbackup.app.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.ServiceFolders;
import org.medbackup.core.tls.Authorities;

/** One service that is quiesced and resumed over HTTP; its folders are copied from a snapshot. */
final class HttpApplication implements Application {

    private final Outside outside;
    private final String address;
    private final Api api;
    private final Quiescence quiescence;
    private final ServiceFolders folders;
    private final String pointerToPosition;

    private String run = "none";
    private String position = "";
    private volatile boolean othersFroze;
    private volatile boolean frozenHere;

    HttpApplication(Connection connection, Outside outside) {
        this.outside = outside;
        URI base = base(connection.address());
        this.address = "app+" + base;
        this.folders = new ServiceFolders(List.of(), connection, address, outside.snapshots());
        this.pointerToPosition = connection.option("position", "");
        this.api = new Api(client(connection), outside.time(), seconds(connection.option("requestTimeout", "10")));
        Api.Authorization authorization = connection.option("tokenUrl", "").isEmpty()
                ? Api.Authorization.none()
                : new Tokens(api, outside.time(), connection);
        this.quiescence = new Quiescence(api, authorization, base, connection);
    }

    private static URI base(URI address) {
        String text = address.toString().replaceFirst("^app\\+", "").replaceFirst("/+$", "");
        boolean plain = address.getHost() != null && address.getRawUserInfo() == null && address.getRawQuery() == null;
        if (!plain || address.getRawFragment() != null) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("write it as app+https://host:port/base, without a user");
        }
        return URI.create(text);
    }

    private static Duration seconds(String text) {
        if (!text.matches("[1-9][0-9]{0,4}")) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("requestTimeout is a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }

    private static HttpClient client(Connection connection) {
        var client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(5));
        String authorities = connection.option("caFile", "");
        if (!authorities.isEmpty()) {
            client.sslContext(Authorities.only(Path.of(authorities), "caFile", ErrorCode.CREDENTIAL_UNREADABLE));
        }
        return client.build();
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Discovery discover(Deadline deadline) {
        return new Discovery("http", address, folders.facts());
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        List<Readiness> checks = new ArrayList<>(folders.check());
        try {
            boolean running = quiescence.isRunning(deadline);
            checks.add(new Readiness("interface", true, "it tells its state", ""));
            checks.add(new Readiness(
                    "running",
                    running,
                    running ? "it is running" : "it is not in its running state",
                    running ? "" : "Resume it, or compare runningState with what its status says"));
        } catch (BackupException failed) {
            checks.add(new Readiness("interface", false, failed.describe(), failed.remedy()));
        }
        return checks;
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        run = name.replaceAll("[^A-Za-z0-9._-]", "_");
        folders.prepare(deadline);
        refuseForeign(deadline);
    }

    private void refuseForeign(Deadline deadline) {
        if (quiescence.isFrozen(deadline)) {
            throw ErrorCode.APPLICATION_NOT_READY.because("somebody else has quiesced it");
        }
    }

    @Override
    public boolean freezes() {
        return true;
    }

    @Override
    public void freeze(Deadline deadline) {
        if (frozenHere) {
            throw ErrorCode.APPLICATION_NOT_READY.because("this backup has frozen it already");
        }
        // Until the request below is sent, nothing that stands still is ours to resume.
        othersFroze = true;
        refuseForeign(deadline);
        othersFroze = false;
        frozenHere = true;
        quiescence.quiesce(run, deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        folders.take(run, deadline);
        Answer status = quiescence.status(deadline);
        if (!quiescence.saysFrozen(status)) {
            throw ErrorCode.FREEZE_LOST.because("it went on by itself before it was resumed");
        }
        position = pointerToPosition.isEmpty() ? outside.time().now().toString() : status.at(pointerToPosition);
    }

    @Override
    public void thaw(Deadline deadline) {
        if (!othersFroze) {
            quiescence.resume(run, deadline);
            frozenHere = false;
        }
    }

    @Override
    public void copy(CopySink sink) {
        folders.copy(sink);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        var evidence = new TreeMap<>(folders.facts());
        evidence.put("service.copy", folders.means());
        evidence.put("service.quiet", "http");
        return new Consistency(folders.level(true, true), position, Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        folders.release();
    }

    @Override
    public void close() {
        api.close();
        folders.close();
    }
}
