package org.medbackup.apps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.medbackup.apps.WatchdogProtocol.Line;
import org.medbackup.apps.WatchdogProtocol.Order;
import org.medbackup.apps.WatchdogProtocol.Verb;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;

/**
 * The work of the watchdog process: it holds leases of what another process freezes, and thaws when that process does not
 * renew them, is gone, or lets a freeze last too long. Before it takes a lease it connects to the application itself.
 *
 * <p>Knows nothing but what comes by its input, which is a pipe from the process it guards; secrets come this way only. The
 * monotonic clock alone counts.
 *
 * @param time clocks
 * @param opener opens an application anew; what it opens is closed
 */
public record Watchdog(TimeSource time, Function<Frozen, Application> opener) {

    /**
     * Guards until the input ends and everything that was leased has been thawed, or ten minutes of attempts have failed; what
     * is frozen even then stays in the journal.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#SYSTEM_CALL_FAILED} when the input breaks;
     *     what was leased is thawed first
     */
    public void guard(InputStream input, OutputStream output) {
        var out = new PrintStream(output, true, StandardCharsets.UTF_8);
        var leases = new ConcurrentHashMap<String, WatchedLease>();
        out.println(WatchdogProtocol.READY);
        try (var lines = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                Line line = Line.parse(text);
                if (line != null) {
                    obey(line, leases, out);
                }
            }
        } catch (IOException broken) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("the watchdog's input broke", broken);
        } finally {
            leases.values().forEach(WatchedLease::orphan);
            leases.values().forEach(Watchdog::join);
        }
    }

    private void obey(Line line, Map<String, WatchedLease> leases, PrintStream out) {
        WatchedLease lease = leases.get(line.id());
        switch (line.verb()) {
            case LEASE -> lease(line, leases, out);
            case MINE -> out.println(new Line(lease != null && lease.isHeld() ? Verb.YES : Verb.NO, line.id(), ""));
            case RENEW -> {
                if (lease != null) {
                    lease.renew();
                }
            }
            case END -> {
                if (lease != null) {
                    lease.end();
                }
            }
            default -> {
                // An answer, which nobody gives to a watchdog.
            }
        }
    }

    private void lease(Line line, Map<String, WatchedLease> leases, PrintStream out) {
        try {
            Order order = Order.decode(line.rest());
            var lease = new WatchedLease(time, order, opener, verb -> out.println(new Line(verb, line.id(), "")));
            WatchedLease before = leases.put(line.id(), lease);
            if (before != null) {
                before.end();
            }
            lease.start();
        } catch (IOException malformed) {
            out.println(new Line(Verb.REFUSED, line.id(), ""));
        }
    }

    private static void join(WatchedLease lease) {
        boolean interrupted = false;
        while (true) {
            try {
                lease.join();
                break;
            } catch (InterruptedException later) {
                // What is frozen is thawed first.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
