package org.medbackup.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.CopyLedger;

/**
 * The copies that are still to be made, as files of the state folder: {@code copies/SNAPSHOT@TARGET}, in which stand the
 * target that has it and since when it is missing. A file is written beside and linked to its name, so that it is there
 * whole or not at all, and several processes may write.
 */
final class CopyRecord implements CopyLedger {

    private static final Pattern NAME = Pattern.compile("([0-9a-f]+)@([a-z0-9_-]*)");

    private final Path folder;

    CopyRecord(Path state) {
        this.folder = state.resolve("copies");
    }

    @Override
    public void wanted(Missing copy) {
        Path file = file(copy.snapshot(), copy.to());
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, ".draft-", "");
            try {
                Files.writeString(draft, copy.from() + "\n" + copy.since() + "\n", StandardCharsets.UTF_8);
                try (var written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    written.force(true);
                }
                link(file, draft);
            } finally {
                Files.deleteIfExists(draft);
            }
            force();
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    private static void link(Path file, Path draft) throws IOException {
        try {
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException known) {
            // It is missing since then.
        }
    }

    @Override
    public void settled(String snapshot, String to) {
        try {
            if (Files.deleteIfExists(file(snapshot, to))) {
                force();
            }
        } catch (IOException failed) {
            throw unusable(failed);
        }
    }

    @Override
    public List<Missing> missing() {
        var missing = new ArrayList<Missing>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    missing.add(read(file, name.group(1), name.group(2)));
                }
            }
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw unusable(failed);
        }
        missing.sort(Comparator.comparing(Missing::since).thenComparing(Missing::snapshot));
        return List.copyOf(missing);
    }

    private static Missing read(Path file, String snapshot, String to) throws IOException {
        List<String> lines = Files.readAllLines(file);
        try {
            return new Missing(snapshot, lines.get(0), to, Instant.parse(lines.get(1)));
        } catch (IndexOutOfBoundsException | DateTimeException malformed) {
            throw new IOException("a record of a copy is malformed", malformed);
        }
    }

    private Path file(String snapshot, String to) {
        return folder.resolve(snapshot + "@" + to);
    }

    private void force() throws IOException {
        try (var names = FileChannel.open(folder)) {
            names.force(true);
        }
    }

    private RuntimeException unusable(IOException failed) {
        boolean full = String.valueOf(failed.getMessage()).contains("No space left");
        return (full ? ErrorCode.NO_SPACE : ErrorCode.STATE_UNUSABLE)
                .because("the copies that are to be made cannot be written down or read", failed)
                .with("device", "state")
                .with("state", folder);
    }
}
