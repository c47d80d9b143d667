package org.medbackup.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.Entropy;
import org.medbackup.core.HostSeal;
import org.medbackup.core.Secret;
import org.medbackup.core.error.ErrorCode;

/**
 * What this host has frozen, on disk: one file for each freeze. An entry is durable before the freeze is attempted, and
 * removed only after the application said that it is not frozen, so that whoever starts next knows what to thaw.
 *
 * <p>Entries are sealed with a key of this host and never hold secrets of applications. Safe for use by several threads
 * and processes.
 */
public final class FreezeJournal {

    private final Path folder;
    private static final String PURPOSE = "medbackup freeze journal v1";

    private final HostSeal seal;

    private FreezeJournal(Path folder, HostSeal seal) {
        this.folder = folder;
        this.seal = seal;
    }

    /**
     * The journal of a folder, which is made when something is frozen.
     *
     * @param hostKey used now, and not kept
     */
    public static FreezeJournal in(Path folder, Secret hostKey, Entropy entropy) {
        return new FreezeJournal(folder, new HostSeal(hostKey, PURPOSE, entropy));
    }

    /**
     * Keeps an entry. It is durable when this returns.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#STATE_UNUSABLE}
     */
    public void keep(Frozen frozen) {
        String name = name(frozen);
        byte[] entry = seal.seal(name, FrozenCodec.encode(frozen.withoutSecrets()));
        Path draft = folder.resolve(name + ".new");
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try (var channel = FileChannel.open(
                    draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                var bytes = ByteBuffer.wrap(entry);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            sync(folder.resolve(".."));
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the freeze journal cannot be written", failed);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Removes an entry, if it is there.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#STATE_UNUSABLE}
     */
    public void remove(Frozen frozen) {
        remove(entryOf(frozen));
    }

    /** Through interrupts: what has thawed must not be left in the journal because somebody is in a hurry. */
    static void remove(Path entry) {
        boolean interrupted = Thread.interrupted();
        try {
            if (Files.deleteIfExists(entry)) {
                interrupted |= syncThroughInterrupts(entry.resolveSibling("."));
            }
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("an entry of the freeze journal cannot be removed", failed);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean syncThroughInterrupts(Path folder) throws IOException {
        boolean interrupted = false;
        while (true) {
            try {
                sync(folder);
                return interrupted;
            } catch (ClosedByInterruptException again) {
                interrupted = true;
                Thread.interrupted();
            }
        }
    }

    String name(Frozen frozen) {
        return "freeze-" + seal.name(frozen.application(), frozen.run());
    }

    /** The file of an entry. */
    Path entryOf(Frozen frozen) {
        return folder.resolve(name(frozen));
    }

    /**
     * What the journal holds.
     *
     * @param frozen entries that can be read
     * @param broken names of files that cannot
     */
    public record Contents(List<Frozen> frozen, List<String> broken) {

        public Contents {
            frozen = List.copyOf(frozen);
            broken = List.copyOf(broken);
        }

        public boolean isEmpty() {
            return frozen.isEmpty() && broken.isEmpty();
        }
    }

    /**
     * Reads all entries. One that cannot be read does not hide the others.
     *
     * @throws org.medbackup.core.error.BackupException with {@link ErrorCode#STATE_UNUSABLE} when the folder cannot be
     *     read
     */
    public Contents read() {
        List<Frozen> frozen = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (Path file : entries()) {
            String name = folder.relativize(file).toString();
            try {
                frozen.add(FrozenCodec.decode(seal.open(name, Files.readAllBytes(file))));
            } catch (NoSuchFileException meanwhile) {
                // Somebody else has thawed it.
            } catch (IOException | GeneralSecurityException unreadable) {
                broken.add(name);
            }
        }
        return new Contents(frozen, broken);
    }

    private List<Path> entries() {
        try (Stream<Path> files = Files.list(folder)) {
            // A draft was never followed by a freeze.
            return files.filter(file -> !file.toString().endsWith(".new"))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException nothingWasEverFrozen) {
            return List.of();
        } catch (IOException unreadable) {
            throw ErrorCode.STATE_UNUSABLE.because("the freeze journal cannot be read", unreadable);
        }
    }
}
