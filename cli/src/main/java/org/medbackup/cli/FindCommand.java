package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Finds entries over all restore points. */
@Command(
        name = "find",
        description = "Finds entries in all restore points, the oldest first. A pattern without a slash is held against"
                + " each name, one with a slash against the path; *, ?, [a-z] and ** as in exclusions.")
final class FindCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "PATTERN", description = "Such as *.dcm or /srv/ward3/**/2026-*.")
    String pattern = "";

    @Override
    Answer answer(MedBackup product) {
        var entries = new ArrayList<Map<String, Object>>();
        boolean json = root().terminal().isJson();
        long count = product.find(root().access(), pattern, (snapshot, entry) -> {
            if (json) {
                var members = new LinkedHashMap<String, Object>();
                members.put("snapshot", snapshot.id());
                members.putAll(EntryAnswer.members(entry));
                entries.add(members);
            } else {
                root().terminal().list(snapshot.id().substring(0, 8) + " " + EntryAnswer.line(entry));
            }
        });
        var answer = new Answer().field("entries", entries);
        return count > 0 ? answer : answer.line("no entry matches");
    }
}
