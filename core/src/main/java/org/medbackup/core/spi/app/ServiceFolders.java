package org.medbackup.core.spi.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Ability;
import org.medbackup.core.spi.snapshot.FileSystemSnapshots.Taken;

/**
 * The folders in which a service keeps its data, for adapters of services without a backup interface of their own: a
 * snapshot of them where there is one, and how much the copy promises. Used as the phases of an {@link Application} are.
 */
public final class ServiceFolders implements AutoCloseable {

    /** What an adapter that uses this adds to {@link ApplicationProvider#options}. */
    public static final List<ConnectionOption> OPTIONS = List.of(
            ConnectionOption.optional("folders", "Folders of the service, absolute, with a colon between them."),
            ConnectionOption.optional(
                    "allowFileLevel",
                    "true where the folders may be copied file by file when they cannot be snapshot; the restore point"
                            + " is then FILE_LEVEL. Otherwise the service is not ready. false where it is not given."),
            ConnectionOption.optional(
                    "consistentAtAnyInstant",
                    "true where the service's files are right at every instant, because it writes each one whole: then"
                            + " a snapshot of one instant is application-consistent by itself. false where it is not"
                            + " given."));

    private static final String FOLDER = "service.folder.";
    /** What our own snapshots and copies of other runs are called; see the module of snapshots. */
    private static final List<String> OURS = List.of(".snapshot-medbackup-", ".copies-medbackup-");

    private final List<Path> folders;
    private final boolean allowFileLevel;
    private final boolean rightAtAnyInstant;
    private final FileSystemSnapshots snapshots;
    private final String key;
    private @Nullable Taken taken;
    private String means = "plain";
    private boolean instant;

    /**
     * The folders of one service.
     *
     * @param first folders that the address itself names
     * @param connection what the configuration says more
     * @param application its address, after which snapshots are named
     * @param snapshots the port
     * @throws org.medbackup.core.error.UsageException where there is none, or one is not absolute
     */
    public ServiceFolders(List<Path> first, Connection connection, String application, FileSystemSnapshots snapshots) {
        var all = new LinkedHashSet<>(first);
        for (String each : connection.option("folders", "").split(":", -1)) {
            if (!each.isBlank()) {
                all.add(Path.of(each.strip()).normalize());
            }
        }
        if (all.isEmpty() || !all.stream().allMatch(Path::isAbsolute)) {
            throw ErrorCode.APPLICATION_URL_MALFORMED.because("its folders have to be given, as absolute paths");
        }
        this.folders = List.copyOf(all);
        this.allowFileLevel = Boolean.parseBoolean(connection.option("allowFileLevel", "false"));
        this.rightAtAnyInstant = Boolean.parseBoolean(connection.option("consistentAtAnyInstant", "false"));
        this.snapshots = snapshots;
        this.key = FileSystemSnapshots.key(application);
    }

    /** All of them. */
    public List<Path> folders() {
        return folders;
    }

    /** Facts for the manifest, by which a restore finds the folders again. */
    public Map<String, String> facts() {
        var facts = new TreeMap<String, String>();
        for (int i = 0; i < folders.size(); i++) {
            facts.put(FOLDER + i, folders.get(i).toString());
        }
        return facts;
    }

    /** The folders that such facts name. */
    public static List<Path> of(Map<String, String> facts) {
        List<Path> folders = new ArrayList<>();
        for (String folder = facts.get(FOLDER + 0); folder != null; folder = facts.get(FOLDER + folders.size())) {
            folders.add(Path.of(folder));
        }
        return folders;
    }

    /** What a snapshot of them would be. */
    public Ability ability() {
        return areThere() ? snapshots.probe(folders) : new Ability("", false, "a folder is not there");
    }

    private boolean areThere() {
        return folders.stream().allMatch(folder -> Files.isDirectory(folder) && Files.isReadable(folder));
    }

    /** Whether they are there and can be backed up as the configuration wants it. */
    public List<Readiness> check() {
        if (!areThere()) {
            return List.of(new Readiness(
                    "folders", false, "a folder is not there or cannot be read", "Compare `folders` with the machine"));
        }
        Ability ability = ability();
        var folderCheck = new Readiness("folders", true, folders.size() + " folders", "");
        if (ability.isPossible()) {
            return List.of(folderCheck, new Readiness("snapshot", true, ability.kind(), ""));
        }
        return List.of(
                folderCheck,
                allowFileLevel
                        ? new Readiness("snapshot", true, "none, copied file by file as allowed", "")
                        : new Readiness(
                                "snapshot",
                                false,
                                ability.why(),
                                "Put the folders on Btrfs, ZFS or a logical volume, or set allowFileLevel: true"));
    }

    /** Removes what an earlier run left behind. */
    public void prepare(Deadline deadline) {
        snapshots.removeLeftovers(folders, key, deadline);
    }

    /**
     * Takes the point of the copy.
     *
     * @param run as in {@link Application#prepare}
     */
    public void take(String run, Deadline deadline) {
        String name = key + "." + run.replaceAll("[^A-Za-z0-9_-]", "_").substring(0, Math.min(48, run.length()));
        Ability ability = snapshots.probe(folders);
        if (ability.isPossible()) {
            taken = snapshots.take(folders, name, deadline);
            instant = ability.atomic();
            means = ability.kind();
        } else if (allowFileLevel) {
            taken = snapshots.share(folders, name, deadline);
            means = taken == null ? "plain" : taken.kind();
        } else {
            throw ErrorCode.APPLICATION_NOT_READY.because(ability.why());
        }
    }

    /** Hands the folders over, each under its own path. */
    public void copy(CopySink sink) {
        Taken from = taken;
        for (Path folder : folders) {
            sink.tree(new CopySink.TreeCopy(
                    from == null ? folder : from.at(folder),
                    PathBytes.copyOf(folder.toString().getBytes(StandardCharsets.UTF_8)),
                    ServiceFolders::choose,
                    CopySink.Cut.CONTENT,
                    false));
        }
    }

    private static CopySink.Choice choose(PathBytes below, boolean folder) {
        String path = below.toString();
        boolean ours = folder && OURS.stream().anyMatch(path.substring(path.lastIndexOf('/') + 1)::startsWith);
        return ours ? CopySink.Choice.OMIT : CopySink.Choice.TAKE;
    }

    /**
     * How much the copy promises.
     *
     * @param quiet whether the service itself stood still, with nothing half written, when the point was taken
     * @param still whether nobody could write meanwhile, so that all folders are of one instant
     */
    public ConsistencyLevel level(boolean quiet, boolean still) {
        if (taken == null || means.equals("reflink")) {
            return ConsistencyLevel.FILE_LEVEL;
        }
        boolean oneInstant = instant || still || quiet;
        if (quiet || oneInstant && rightAtAnyInstant) {
            return ConsistencyLevel.APPLICATION_CONSISTENT;
        }
        return oneInstant ? ConsistencyLevel.CRASH_CONSISTENT : ConsistencyLevel.FILE_LEVEL;
    }

    /** How the copy was made: the kind of snapshot, {@code reflink} or {@code plain}. */
    public String means() {
        return means;
    }

    /**
     * Removes the snapshot. Idempotent.
     *
     * @throws BackupException where it cannot be removed; the next run tries again
     */
    public void release() {
        Taken held = taken;
        if (held != null) {
            held.close();
        }
    }

    /** As {@link #release}, for the end, when nobody listens: what is left is found by the next run. */
    @Override
    public void close() {
        try {
            release();
        } catch (BackupException left) {
            // It is named after this application, and its lock is gone with this process.
        }
    }
}
