package org.medbackup.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.governor.Governor;
import org.medbackup.governor.Limits;
import org.medbackup.service.RunningCommands;

/** The answer of commands about what runs. */
final class GovernorAnswer {

    private static final double PROCESSOR = 1e9;

    private GovernorAnswer() {}

    static Answer of(List<RunningCommands.Running> running) {
        List<Map<String, Object>> resources = new ArrayList<>();
        var answer = new Answer();
        for (RunningCommands.Running command : running) {
            answer.line("process " + command.process());
            for (Governor.Usage usage : command.resources()) {
                resources.add(members(command.process(), usage));
                if (usage.limit() != Limits.NONE || usage.usage() > 0 || usage.limitedBy() != null) {
                    answer.line(line(usage));
                }
            }
        }
        return running.isEmpty()
                ? answer.field("resources", resources).line("nothing runs")
                : answer.field("resources", resources);
    }

    private static Map<String, Object> members(long process, Governor.Usage usage) {
        var members = new LinkedHashMap<String, Object>();
        members.put("process", process);
        members.put("name", usage.name());
        members.put("limit", value(usage, usage.limit()));
        members.put("usage", value(usage, usage.usage()));
        members.put("limitedBy", usage.limitedBy());
        return members;
    }

    /** Bytes a second, bytes, or processors; null without a limit. */
    private static @Nullable Object value(Governor.Usage usage, long value) {
        if (value == Limits.NONE) {
            return null;
        }
        return usage.name().equals("cpu") ? (Object) (value / PROCESSOR) : (Object) value;
    }

    private static String line(Governor.Usage usage) {
        String limit = usage.limit() == Limits.NONE ? "no limit" : "limit " + text(usage, usage.limit());
        String by = usage.limitedBy() == null ? "" : ", waits for " + usage.limitedBy();
        return "  " + usage.name() + " " + text(usage, usage.usage()) + ", " + limit + by;
    }

    private static String text(Governor.Usage usage, long value) {
        if (usage.name().equals("cpu")) {
            return String.format(Locale.ROOT, "%.2f", value / PROCESSOR);
        }
        if (usage.name().contains(".iops")) {
            return value + " operations/s";
        }
        if (usage.name().contains(".concurrency")) {
            return value + " at once";
        }
        String unit = usage.name().equals("memory") ? "MB" : "MB/s";
        return String.format(Locale.ROOT, "%.1f %s", value / 1e6, unit);
    }
}
