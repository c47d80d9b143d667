package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.LogArchive;

/**
 * An archive of a log in a folder, with a list beside it; several processes can use it one after the other. Never
 * overwrites. Safe for use by several threads.
 */
public final class FolderArchive implements LogArchive {

    private final Path folder;
    private final Path list;

    /** Opens or makes it. */
    public FolderArchive(Path folder) {
        try {
            this.folder = Files.createDirectories(folder);
            this.list = folder.resolve(".list");
            if (!Files.exists(list)) {
                Files.createFile(list);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public synchronized void store(List<LogFile> files) {
        try {
            for (LogFile file : files) {
                Path target = folder.resolve(file.name());
                String sha256 = sha256(file.source());
                if (Files.exists(target)) {
                    if (!sha256(target).equals(sha256)) {
                        throw ErrorCode.APPLICATION_LOG_CONFLICT.because("test").with("file", file.name());
                    }
                    continue;
                }
                // Whoever is killed here has stored nothing: a file is there when it is whole and listed.
                Path whole = folder.resolve("." + file.name());
                Files.copy(file.source(), whole, StandardCopyOption.REPLACE_EXISTING);
                var line = new StringBuilder(file.name())
                        .append('\t')
                        .append(Files.size(whole))
                        .append('\t')
                        .append(sha256);
                file.facts()
                        .forEach((key, value) -> line.append('\t')
                                .append(key)
                                .append('=')
                                .append(value.replace("\n", "\\n").replace("\t", " ")));
                Files.writeString(list, line.append('\n'), StandardOpenOption.APPEND);
                Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String sha256(Path file) throws IOException {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Override
    public synchronized List<LogEntry> entries() {
        try {
            List<LogEntry> all = new ArrayList<>();
            for (String line : new LinkedHashSet<>(Files.readAllLines(list))) {
                String[] words = line.split("\t");
                var facts = new TreeMap<String, String>();
                for (int i = 3; i < words.length; i++) {
                    int equals = words[i].indexOf('=');
                    facts.put(
                            words[i].substring(0, equals),
                            words[i].substring(equals + 1).replace("\\n", "\n"));
                }
                if (Files.exists(folder.resolve(words[0]))) {
                    all.add(new LogEntry(words[0], Long.parseLong(words[1]), words[2], Instant.EPOCH, facts));
                }
            }
            all.sort(java.util.Comparator.comparing(LogEntry::name));
            return all;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public boolean fetch(String name, Path destination) {
        try {
            if (!Files.exists(folder.resolve(name))) {
                return false;
            }
            Files.copy(folder.resolve(name), destination);
            return true;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Takes a file away, as damage would. */
    public void remove(String name) {
        try {
            Files.delete(folder.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Where a file of this name lies. */
    public Path file(String name) {
        return folder.resolve(name);
    }

    /** The names of what is there, in their order. */
    public List<String> names() {
        return entries().stream().map(LogEntry::name).toList();
    }
}
