package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.medbackup.engine.Entry;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists entries of a restore point. */
@Command(name = "ls", description = "Lists what a restore point holds.")
final class LsCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Id, its beginning, latest or latest@SOURCE.")
    String snapshot = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "A folder or file (default: /).")
    String path = "/";

    @Option(names = "--recursive", description = "Lists what lies deeper too.")
    boolean recursive;

    @Override
    Answer answer(MedBackup product) {
        var entries = new ArrayList<Map<String, Object>>();
        var answer = new Answer();
        boolean json = root().terminal().isJson();
        product.list(root().access(), snapshot, Paths.inside(path), recursive, entry -> {
            if (json) {
                entries.add(members(entry));
            } else {
                root().terminal().list(line(entry));
            }
        });
        return answer.field("entries", entries);
    }

    private static String line(Entry entry) {
        return String.format(
                Locale.ROOT,
                "%-8s %s %-8s %-8s %12d %s %s%s",
                entry.type().word(),
                mode(entry),
                entry.owner(),
                entry.group(),
                entry.size(),
                entry.modified().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                entry.path(),
                entry.symlink().isEmpty() ? "" : " -> " + entry.symlink());
    }

    private static String mode(Entry entry) {
        return String.format(Locale.ROOT, "%04o", entry.permissions());
    }

    private static Map<String, Object> members(Entry entry) {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", entry.path());
        members.put("type", entry.type().word());
        members.put("size", entry.size());
        members.put("mode", mode(entry));
        members.put("owner", entry.owner());
        members.put("group", entry.group());
        members.put("mtime", entry.modified().toString());
        if (!entry.symlink().isEmpty()) {
            members.put("target", entry.symlink());
        }
        return members;
    }
}
