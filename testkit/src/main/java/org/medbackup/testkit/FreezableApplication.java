package org.medbackup.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * A {@link FreezableServer} as an application. The option {@code markMillis} says how long a mark takes; with
 * {@code trusting} it does not ask whether the server is still frozen; with {@code polite} it tells the server that it goes.
 */
public final class FreezableApplication implements Application {

    private final URI address;
    private final long markMillis;
    private final boolean trusting;
    private final boolean polite;
    private final String password;
    private String life = "";

    FreezableApplication(Connection connection) {
        this.address = connection.address();
        this.markMillis = Long.parseLong(connection.option("markMillis", "0"));
        Secret secret = connection.secret("password");
        this.password = secret == null ? "" : secret.use(bytes -> " " + new String(bytes, StandardCharsets.UTF_8));
        this.polite = Boolean.parseBoolean(connection.option("polite", "false"));
        this.trusting = Boolean.parseBoolean(connection.option("trusting", "false"));
    }

    /** Each question has a connection of its own. */
    private String ask(String word, Deadline deadline) {
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout((int) Math.max(1, deadline.remaining().toMillis()));
            var out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8);
            out.println(word + password);
            String said = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (said == null || said.equals("failed")) {
                throw ErrorCode.APPLICATION_UNREACHABLE.because("no answer");
            }
            return said;
        } catch (IOException broken) {
            throw ErrorCode.APPLICATION_UNREACHABLE.because("the connection broke", broken);
        }
    }

    @Override
    public String address() {
        return "freezable://" + address.getHost() + ":" + address.getPort();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        life = ask("LIFE", deadline);
        return new Discovery("1.0", "freezable", Map.of("state", ask("STATUS", deadline)));
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        return List.of(new Readiness("answers", true, ask("STATUS", deadline), ""));
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        ask("STATUS", deadline);
    }

    @Override
    public boolean freezes() {
        return true;
    }

    @Override
    public void freeze(Deadline deadline) {
        ask("FREEZE", deadline);
    }

    @Override
    public void mark(Deadline deadline) {
        TimeSource.system().sleep(Duration.ofMillis(markMillis));
        if (!trusting && !ask("STATUS", deadline).equals("frozen")) {
            throw ErrorCode.FREEZE_LOST.because("the server is writing");
        }
    }

    @Override
    public void thaw(Deadline deadline) {
        if (!ask("THAW", deadline).equals("writing")) {
            throw ErrorCode.APPLICATION_FAILED.because("it is still frozen");
        }
    }

    @Override
    public void copy(CopySink sink) {
        Path folder = Path.of(address.getPath());
        sink.tree(new CopySink.TreeCopy(
                folder, PathBytes.of(folder.toString()), CopySink.Selection.ALL, CopySink.Cut.CONTENT, false));
    }

    @Override
    public Consistency verify(Deadline deadline) {
        if (!ask("LIFE", deadline).equals(life)) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the server was started again during the backup");
        }
        return new Consistency(
                ConsistencyLevel.APPLICATION_CONSISTENT, "count", Duration.ZERO, Map.of("freezable", "yes"));
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {}

    @Override
    public void close() {
        if (polite) {
            try {
                ask("BYE", Deadline.after(TimeSource.system(), Duration.ofSeconds(5)));
            } catch (BackupException refused) {
                throw ErrorCode.APPLICATION_FAILED.because("it cannot be closed in order", refused);
            }
        }
    }
}
