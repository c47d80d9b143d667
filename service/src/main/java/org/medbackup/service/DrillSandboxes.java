package org.medbackup.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.service.DrillResult.Left;

/**
 * Folders in which drills restore, each with a lease that is on the disk before the folder is made. Whoever is killed leaves his
 * lease behind, and the next drill takes away what it names. Leases name places, so that they are sealed with the key of this
 * host. Safe for use by several processes.
 */
final class DrillSandboxes {

    /** What the seals are for. */
    static final String PURPOSE = "medbackup/drills/v1";

    private static final String SCRATCH = "medbackup-drill-";

    private static final String RUN = ".r";
    private static final String SHORT = "mbd-";

    /** How long the name of a folder may be for a server's socket to lie in it: what is given one gets a folder in a folder. */
    private static final int LONGEST = 107 - 40 - "/.r/99".length();

    /** A lease that is not whole yet: of which drill, and of which process. */
    private static final Pattern UNFINISHED = Pattern.compile("[0-9a-f]{16}\\.[0-9]{1,18}");

    private final Path leases;
    private final HostSeal seal;
    private final Entropy entropy;
    private final TimeSource time;

    /**
     * Those of a host.
     *
     * @param state folder
     */
    DrillSandboxes(Path state, HostSeal seal, Entropy entropy, TimeSource time) {
        this.leases = state.resolve("drills");
        this.seal = seal;
        this.entropy = entropy;
        this.time = time;
    }

    /**
     * A folder for one drill.
     *
     * @param id of the drill, 16 hexadecimal digits
     * @param folder with mode 0700, in which is restored
     * @param run the same for sockets and what applications say, with a name that is short enough for sockets; it lies in the
     *     folder where that is short itself
     */
    record Sandbox(String id, Path folder, Path run) {

        /** Where the name of the folder is short enough. */
        Sandbox(String id, Path folder) {
            this(id, folder, folder.resolve(RUN));
        }
    }

    /**
     * Makes one.
     *
     * @param scratch folder on the file system in which it is to lie; made where it is not there
     */
    Sandbox open(Path scratch) {
        String id = HexFormat.of().formatHex(entropy.bytes(8));
        Path folder = scratch.toAbsolutePath().resolve(SCRATCH + id);
        boolean isShort = folder.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
        Sandbox sandbox = isShort ? new Sandbox(id, folder) : new Sandbox(id, folder, Path.of("/tmp", SHORT + id));
        try {
            lease(sandbox, 0, 0);
            Files.createDirectories(scratch);
            DrillFolder.create(folder);
            DrillFolder.create(sandbox.run());
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("no folder for a drill can be made there", failed);
        }
        return sandbox;
    }

    /**
     * Notes the process that holds what a drill starts, before it starts anything.
     *
     * @param holder number of the process
     */
    void hold(Sandbox sandbox, long holder) {
        try {
            long started = ProcessHandle.of(holder).map(DrillProcesses::started).orElse(0L);
            lease(sandbox, holder, started);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the lease of a drill cannot be written", failed);
        }
    }

    private void lease(Sandbox sandbox, long holder, long holderStarted) throws IOException {
        String id = sandbox.id();
        var document = new LinkedHashMap<String, Object>();
        ProcessHandle self = ProcessHandle.current();
        document.put("pid", self.pid());
        document.put("started", DrillProcesses.started(self));
        document.put("folder", sandbox.folder().toString());
        document.put("run", sandbox.run().toString());
        document.put("holder", holder);
        document.put("holderStarted", holderStarted);
        byte[] text = Json.write(JsonValue.of(document)).getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(leases);
        // It gets its name when it is whole: what can be read of it before would look like one that broke off.
        Path unfinished = leases.resolve(id + "." + self.pid());
        try (var channel = FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(seal.seal(id, text)));
            channel.force(true);
        }
        Files.move(unfinished, leases.resolve(id), StandardCopyOption.ATOMIC_MOVE);
        try (var names = FileChannel.open(leases)) {
            names.force(true);
        }
    }

    /**
     * Takes one away: its processes, then its files.
     *
     * @return what is left of it; its lease stays then, so that the next drill tries again
     */
    Left close(Sandbox sandbox) {
        int processes = DrillProcesses.end(sandbox.id(), time);
        DrillFolder.remove(sandbox.folder());
        DrillFolder.remove(sandbox.run());
        Left folder = DrillFolder.left(sandbox.folder());
        Left run = sandbox.run().startsWith(sandbox.folder()) ? Left.NOTHING : DrillFolder.left(sandbox.run());
        var left = new Left(processes, folder.files() + run.files(), folder.sockets() + run.sockets());
        return left.equals(Left.NOTHING) && !isReleased(sandbox.id()) ? new Left(0, 1, 0) : left;
    }

    private boolean isReleased(String id) {
        try {
            Files.deleteIfExists(leases.resolve(id));
            return true;
        } catch (IOException left) {
            return false;
        }
    }

    /**
     * Takes away what drills left behind that were killed.
     *
     * @return how many there were
     */
    int reap() {
        int reaped = 0;
        for (Path lease : files()) {
            String id = lease.getFileName().toString();
            if (isBeingWritten(id)) {
                continue;
            }
            try {
                byte[] opened = seal.open(id, Files.readAllBytes(lease));
                Members document = Json.parseMembers(new String(opened, StandardCharsets.UTF_8));
                boolean alive = DrillProcesses.handle(document.whole("pid"), document.whole("started"))
                        .isPresent();
                if (!alive && taken(id, document)) {
                    reaped++;
                }
            } catch (GeneralSecurityException | JsonException other) {
                // It is not whole, so that its folder was never made; or it is none of ours.
                if (isReleased(id)) {
                    reaped++;
                }
            } catch (IOException gone) {
                // Another drill was there before.
            }
        }
        return reaped;
    }

    private boolean taken(String id, Members document) {
        DrillProcesses.end(document.whole("holder"), document.whole("holderStarted"));
        var sandbox = new Sandbox(id, Path.of(document.text("folder")), Path.of(document.text("run")));
        return close(sandbox).equals(Left.NOTHING);
    }

    private static boolean isBeingWritten(String name) {
        return UNFINISHED.matcher(name).matches()
                && ProcessHandle.of(Long.parseLong(name.substring(name.indexOf('.') + 1)))
                        .isPresent();
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(leases)) {
            return all.sorted().toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the leases of drills cannot be read", failed);
        }
    }
}
