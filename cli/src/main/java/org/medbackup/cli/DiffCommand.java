package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.Difference;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What changed between two restore points. */
@Command(name = "diff", description = "Shows what changed between two restore points.")
final class DiffCommand extends ProductCommand {

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "The earlier one.")
    String before = "";

    @Parameters(index = "1", paramLabel = "SNAPSHOT", description = "The later one.")
    String after = "";

    @Override
    Answer answer(MedBackup product) {
        var added = new ArrayList<Map<String, Object>>();
        var removed = new ArrayList<Map<String, Object>>();
        var changed = new ArrayList<Map<String, Object>>();
        var lines = new ArrayList<String>();
        var sums = new long[2];
        product.diff(root().access(), before, after, each -> {
            List<Map<String, Object>> kind = switch (each.kind()) {
                case ADDED -> added;
                case REMOVED -> removed;
                case CONTENT, ATTRIBUTES -> changed;
            };
            kind.add(members(each));
            lines.add(sign(each.kind()) + " " + each.path());
            sums[0] += each.kind() == Difference.Kind.ATTRIBUTES ? 0 : each.sizeAfter();
            sums[1] += each.kind() == Difference.Kind.ATTRIBUTES ? 0 : each.sizeBefore();
        });
        var answer =
                new Answer().field("added", added).field("removed", removed).field("changed", changed);
        var total = new LinkedHashMap<String, Object>();
        total.put("added", added.size());
        total.put("removed", removed.size());
        total.put("changed", changed.size());
        total.put("bytesAfter", sums[0]);
        total.put("bytesBefore", sums[1]);
        answer.field("sums", total);
        lines.forEach(answer::line);
        return answer.line(added.size() + " added, " + removed.size() + " removed, " + changed.size() + " changed");
    }

    private static String sign(Difference.Kind kind) {
        return switch (kind) {
            case ADDED -> "+";
            case REMOVED -> "-";
            case CONTENT -> "M";
            case ATTRIBUTES -> "U";
        };
    }

    private static Map<String, Object> members(Difference difference) {
        var members = new LinkedHashMap<String, Object>();
        members.put("path", difference.path());
        switch (difference.kind()) {
            case ADDED -> members.put("size", difference.sizeAfter());
            case REMOVED -> members.put("size", difference.sizeBefore());
            case CONTENT, ATTRIBUTES -> {
                members.put("what", difference.kind() == Difference.Kind.CONTENT ? "content" : "attributes");
                members.put("sizeBefore", difference.sizeBefore());
                members.put("sizeAfter", difference.sizeAfter());
            }
        }
        return members;
    }
}
