package org.medbackup.service;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * Folders in which drills restore, each with a lease that is on the disk before the folder is made. Whoever is killed leaves his
 * lease behind, and the next drill takes away what it names. Leases name places, so that they are sealed with the key of this
 * host. Safe for use by several processes.
 */
final class DrillSandboxes {

    /** What the seals are for. */
    static final String PURPOSE = "medbackup/drills/v1";

    private static final String SCRATCH = "medbackup-drill-";

    /** A lease that is not whole yet: of which drill, and of which process. */
    private static final Pattern UNFINISHED = Pattern.compile("[0-9a-f]{16}\\.[0-9]{1,18}");

    private final Path leases;
    private final HostSeal seal;
    private final Entropy entropy;

    /**
     * Those of a host.
     *
     * @param state folder
     */
    DrillSandboxes(Path state, HostSeal seal, Entropy entropy) {
        this.leases = state.resolve("drills");
        this.seal = seal;
        this.entropy = entropy;
    }

    /**
     * A folder for one drill.
     *
     * @param id of the drill, 16 hexadecimal digits
     * @param folder with mode 0700
     */
    record Sandbox(String id, Path folder) {}

    /**
     * Makes one.
     *
     * @param scratch folder on the file system in which it is to lie; made where it is not there
     */
    Sandbox open(Path scratch) {
        String id = HexFormat.of().formatHex(entropy.bytes(8));
        Path folder = scratch.toAbsolutePath().resolve(SCRATCH + id);
        try {
            lease(id, folder);
            Files.createDirectories(scratch);
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("no folder for a drill can be made there", failed);
        }
        return new Sandbox(id, folder);
    }

    private void lease(String id, Path folder) throws IOException {
        var document = new LinkedHashMap<String, Object>();
        ProcessHandle self = ProcessHandle.current();
        document.put("pid", self.pid());
        document.put("started", started(self));
        document.put("folder", folder.toString());
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

    private static long started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH).toEpochMilli();
    }

    /**
     * Takes one away.
     *
     * @return whether nothing of it is left
     */
    boolean close(Sandbox sandbox) {
        return isGone(sandbox.folder()) && isReleased(sandbox.id());
    }

    private static boolean isGone(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (NoSuchFileException never) {
            return true;
        } catch (IOException | java.io.UncheckedIOException left) {
            return false;
        }
        return Files.notExists(folder, LinkOption.NOFOLLOW_LINKS);
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
                boolean alive = ProcessHandle.of(document.whole("pid"))
                        .filter(process -> started(process) == document.whole("started"))
                        .isPresent();
                if (!alive && close(new Sandbox(id, Path.of(document.text("folder"))))) {
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
