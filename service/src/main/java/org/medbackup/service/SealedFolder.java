package org.medbackup.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.DateTimeException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonException;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/**
 * Small documents of the state folder, each sealed under its own name and there whole or not at all. Safe for use by several threads
 * and processes.
 *
 * @param folder is made with the first document
 * @param seal of this host
 * @param changed code for a document that is not as it was written here
 */
record SealedFolder(Path folder, HostSeal seal, ErrorCode changed) {

    /** The names of documents, in order. */
    List<String> names(Predicate<String> wanted) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString())
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** The last name of documents; empty where there is none. */
    Optional<String> newest(Predicate<String> wanted) {
        return names(wanted).stream().max(Comparator.naturalOrder());
    }

    /**
     * Reads a document; empty where there is none.
     *
     * @param reading may fail as reading JSON does
     * @throws org.medbackup.core.error.BackupException with the code of this folder where it was changed
     */
    <T> Optional<T> read(String name, Function<Members, T> reading) {
        try {
            byte[] sealed = Files.readAllBytes(folder.resolve(name));
            Members read = Json.parseMembers(new String(seal.open(name, sealed), StandardCharsets.UTF_8));
            return Optional.of(reading.apply(read));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (GeneralSecurityException | JsonException | DocumentException | DateTimeException other) {
            throw changed.because("what lies in the state folder was changed, or was not written on this host", other)
                    .with("file", name);
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    /** Writes a document that is not there yet; false where it is. */
    boolean create(String name, Map<String, ?> document) {
        var there = new boolean[1];
        write(name, document, draft -> {
            try {
                Files.createLink(folder.resolve(name), draft);
            } catch (FileAlreadyExistsException meanwhile) {
                there[0] = true;
            }
        });
        return !there[0];
    }

    /** Writes a document in the place of the one that may be there. */
    void replace(String name, Map<String, ?> document) {
        write(name, document, draft -> Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE));
    }

    private interface Placing {
        void place(Path draft) throws IOException;
    }

    /** A draft beside, made durable, then given its name. */
    private void write(String name, Map<String, ?> document, Placing placing) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, ".draft-", "");
            try {
                byte[] text = Json.write(JsonValue.of(document)).getBytes(StandardCharsets.UTF_8);
                Files.write(draft, seal.seal(name, text));
                try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                placing.place(draft);
            } finally {
                Files.deleteIfExists(draft);
            }
            try (var names = FileChannel.open(folder)) {
                names.force(true);
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private RuntimeException unusable(IOException failed) {
        return ErrorCode.STATE_UNUSABLE
                .because("it cannot be read or written there", failed)
                .with("state", folder);
    }
}
