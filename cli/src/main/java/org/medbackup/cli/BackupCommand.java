package org.medbackup.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.BackupOrder;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One incremental backup of file trees. */
@Command(
        name = "backup",
        description = "Backs up file trees; what has not changed since the last time is not read again.")
final class BackupCommand extends LimitedCommand {

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files and folders.")
    List<String> paths = new ArrayList<>();

    @Option(
            names = "--source",
            paramLabel = "NAME",
            description = "Name by which the next backup finds this one (default: the paths).")
    String source = "";

    @Option(names = "--tag", paramLabel = "K=V", description = "Kept with the restore point.")
    Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "Leaves out what matches, with all below it.")
    List<String> exclusions = new ArrayList<>();

    @Option(names = "--exclude-file", paramLabel = "FILE", description = "One pattern a line; # begins a comment.")
    @Nullable
    Path exclusionFile;

    @Option(names = "--one-file-system", description = "Leaves out other file systems.")
    boolean oneFileSystem;

    @Override
    boolean isBackground() {
        return true;
    }

    @Override
    Answer answer(MedBackup product) {
        var patterns = new ArrayList<>(exclusions);
        if (exclusionFile != null) {
            patterns.addAll(patterns(exclusionFile));
        }
        var order = new BackupOrder(
                paths.stream().map(Paths::absolute).toList(), source, Paths.tags(tags), patterns, oneFileSystem);
        return BackupAnswer.of(product.backup(root().access(), order));
    }

    private static List<String> patterns(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException unreadable) {
            throw ErrorCode.USAGE.because("the file of exclusions cannot be read: " + file, unreadable);
        }
    }
}
