package org.medbackup.app.directory;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.ServiceFolders;

/**
 * One service by its folders: its units stand still, or its file systems, while a snapshot is taken; the copy is read from
 * the snapshot.
 */
final class DirectoryApplication implements Application {

    private final Outside outside;
    private final String address;
    private final ServiceFolders folders;
    private final Units units;
    private final boolean reload;
    private final boolean fsfreeze;

    private String run = "";
    private String position = "";
    private volatile boolean othersFroze;
    private volatile boolean frozenHere;

    DirectoryApplication(Connection connection, Outside outside) {
        this.outside = outside;
        Path folder = folder(connection.address());
        this.address = "directory://" + folder.toUri().getRawPath().replace("@", "%40");
        this.folders = new ServiceFolders(List.of(folder), connection, address, outside.snapshots());
        this.units = new Units(outside.processes(), words(connection.option("units", "")), memory(connection, address));
        this.reload = choice(connection, "unitAction", "stop", "reload").equals("reload");
        this.fsfreeze = choice(connection, "freeze", "none", "fsfreeze").equals("fsfreeze");
    }

    private static Path folder(URI uri) {
        String path = uri.getPath();
        boolean plain = uri.getRawAuthority() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!plain || path == null || !path.startsWith("/") || path.equals("/")) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("write it as directory:///srv/documents");
        }
        return Path.of(path).normalize();
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static UnitMemory memory(Connection connection, String address) {
        var sum = new CRC32C();
        sum.update(address.getBytes(StandardCharsets.UTF_8));
        return new UnitMemory(
                Path.of(connection.option("unitMemory", "/run/medbackup/units")), "%08x".formatted(sum.getValue()));
    }

    private static String choice(Connection connection, String option, String usual, String other) {
        String chosen = connection.option(option, usual);
        if (!chosen.equals(usual) && !chosen.equals(other)) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because(option + " is " + usual + " or " + other);
        }
        return chosen;
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public Discovery discover(Deadline deadline) {
        var facts = new TreeMap<>(folders.facts());
        facts.put("service.units", String.join(" ", units.names()));
        String kind = folders.ability().kind();
        return new Discovery(kind.isEmpty() ? "plain" : kind, address, facts);
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        List<Readiness> checks = new ArrayList<>(folders.check());
        checks.addAll(units.check(deadline));
        boolean reachable = checks.getFirst().ok();
        if (fsfreeze && reachable) {
            checks.add(freezeCheck());
        }
        return checks;
    }

    private Readiness freezeCheck() {
        String obstacle = outside.snapshots().freezeObstacle(folders.folders());
        String kind = folders.ability().kind();
        if (obstacle.isEmpty() && !kind.equals("lvm")) {
            obstacle = "a snapshot of " + (kind.isEmpty() ? "no kind" : kind) + " cannot be taken while it is frozen";
        }
        return obstacle.isEmpty()
                ? new Readiness("fsfreeze", true, "can be frozen", "")
                : new Readiness(
                        "fsfreeze", false, obstacle, "Set freeze: none, or stop the units that write to the folders");
    }

    @Override
    public void prepare(String name, Deadline deadline) {
        run = name;
        folders.prepare(deadline);
        if (reload) {
            units.reload(deadline);
        }
    }

    private boolean stops() {
        return !units.names().isEmpty() && !reload;
    }

    @Override
    public boolean freezes() {
        return stops() || fsfreeze;
    }

    @Override
    public void freeze(Deadline deadline) {
        if (frozenHere) {
            throw ErrorCode.APPLICATION_NOT_READY.because("this backup has frozen it already");
        }
        if (stops()) {
            units.stop(deadline);
        }
        if (fsfreeze) {
            freezeFileSystems(deadline);
        }
    }

    private void freezeFileSystems(Deadline deadline) {
        try {
            outside.snapshots().freeze(folders.folders(), deadline);
            frozenHere = true;
        } catch (BackupException refused) {
            // What was refused is not ours to thaw; of anything else nobody knows how far it came.
            othersFroze = refused.code() == ErrorCode.APPLICATION_NOT_READY;
            throw refused;
        }
    }

    @Override
    public void mark(Deadline deadline) {
        folders.take(run, deadline);
        if (fsfreeze && !outside.snapshots().isFrozen(folders.folders())) {
            throw ErrorCode.FREEZE_LOST.because("somebody has thawed a file system meanwhile");
        }
        if (stops() && !units.areStopped(deadline)) {
            throw ErrorCode.FREEZE_LOST.because("somebody has started a unit meanwhile");
        }
        position = outside.time().now().toString();
    }

    @Override
    public void thaw(Deadline deadline) {
        try {
            if (fsfreeze && !othersFroze) {
                outside.snapshots().thaw(folders.folders(), deadline);
                frozenHere = false;
            }
        } finally {
            if (stops()) {
                units.start(deadline);
            }
        }
    }

    @Override
    public void copy(CopySink sink) {
        folders.copy(sink);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        ConsistencyLevel level = folders.level(stops(), fsfreeze);
        var evidence = new TreeMap<>(folders.facts());
        evidence.put("service.copy", folders.means());
        evidence.put("service.quiet", stops() ? "units" : fsfreeze ? "fsfreeze" : reload ? "reload" : "none");
        return new Consistency(level, position, Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        folders.release();
    }

    @Override
    public void close() {
        folders.close();
    }
}
