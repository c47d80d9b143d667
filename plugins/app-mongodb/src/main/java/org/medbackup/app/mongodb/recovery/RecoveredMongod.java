package org.medbackup.app.mongodb.recovery;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.medbackup.app.mongodb.Restored;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ApplicationRecovery.Reached;
import org.medbackup.core.spi.app.ApplicationRecovery.Recovered;

/** A restored server that runs. */
final class RecoveredMongod implements Recovered {

    private static final Duration STOP = Duration.ofSeconds(20);

    private final Running running;
    private final URI address;
    private final Map<String, String> evidence;
    private final TimeSource time;

    private RecoveredMongod(Running running, URI address, Map<String, String> evidence, TimeSource time) {
        this.running = running;
        this.address = address;
        this.evidence = evidence;
        this.time = time;
    }

    /** Waits until it answers. */
    static Recovered awaited(
            Running running,
            int port,
            Map<String, String> evidence,
            TimeSource time,
            Deadline deadline,
            Duration pause) {
        URI address = URI.create("mongodb://127.0.0.1:" + port);
        while (true) {
            if (!running.isAlive()) {
                throw ErrorCode.RESTORED_APPLICATION_INVALID.because("the restored server does not start");
            }
            try {
                Restored.open(address, deadline).close();
                return new RecoveredMongod(running, address, evidence, time);
            } catch (BackupException notYet) {
                if (notYet.code() != ErrorCode.APPLICATION_UNREACHABLE) {
                    throw notYet;
                }
            }
            time.sleep(pause);
        }
    }

    @Override
    public String address() {
        return address.toString();
    }

    @Override
    public Reached reached() {
        return new Reached(null, evidence.getOrDefault("timestamp", ""));
    }

    /** Validates every collection, and compares what each database sums up to. */
    @Override
    public List<Readiness> verify(Deadline deadline) {
        List<Readiness> found = new ArrayList<>();
        try (Restored server = Restored.open(address, deadline)) {
            int bad = 0;
            int all = 0;
            for (Restored.Collection each : server.collections(deadline)) {
                all++;
                if (!server.isValid(each, deadline)) {
                    bad++;
                }
            }
            found.add(new Readiness(
                    "collections_valid",
                    bad == 0,
                    bad + " of " + all + " collections are not valid",
                    bad == 0 ? "" : ErrorCode.RESTORED_APPLICATION_INVALID.remedy()));
            Document metadata = server.metadata(deadline);
            int errors = metadata.getList("apiVersionErrors", Document.class, List.of())
                    .size();
            found.add(new Readiness(
                    "metadata_valid",
                    errors == 0,
                    errors + " entries of the catalogue are not valid",
                    errors == 0 ? "" : ErrorCode.RESTORED_APPLICATION_INVALID.remedy()));
        }
        return List.copyOf(found);
    }

    /** Stops it in order, so that it leaves a checkpoint; kills it where that does not end it. */
    @Override
    public void close() {
        try (Restored server = Restored.open(address, Deadline.after(time, STOP))) {
            server.shutDown(Deadline.after(time, STOP));
            running.await(STOP);
        } catch (BackupException gone) {
            // It has ended already, or is killed now.
            return;
        } finally {
            running.close();
        }
    }
}
