package org.medbackup.service;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.resilience.Action;
import org.medbackup.resilience.Past;

/**
 * What the next worker has to know of a run: a line for each backup that has announced itself, {@code TICKET@TARGET}, and
 * lines that begin with {@code !} where the run was put off. Immutable.
 *
 * @param announced backups of which nobody knows what became of them; the last of them are kept
 * @param putOff null where it was never put off
 */
record RunCheckpoint(List<RunHold.Announced> announced, RunHold.@Nullable PutOff putOff) {

    /** Of a run that has only begun. */
    static final RunCheckpoint NOTHING = new RunCheckpoint(List.of(), null);

    /** So many announcements fit into a checkpoint. */
    private static final int MOST = 500;

    private static final String UNTIL = "!until ";
    private static final String ATTEMPTS = "!attempts ";
    private static final String CHANGED = "!changed ";
    private static final String MET = "!met ";

    RunCheckpoint {
        announced = List.copyOf(announced.subList(Math.max(0, announced.size() - MOST), announced.size()));
    }

    /** Of a run that was never put off. */
    RunCheckpoint(List<RunHold.Announced> announced) {
        this(announced, null);
    }

    byte[] toBytes() {
        List<String> lines = new ArrayList<>();
        announced.forEach(each -> lines.add(each.ticket() + "@" + each.target()));
        if (putOff != null) {
            lines.add(UNTIL + putOff.until().toEpochMilli());
            lines.add(ATTEMPTS + putOff.past().attempts());
            putOff.past().changes().forEach(action -> lines.add(CHANGED + action));
            putOff.past().met().forEach((failure, times) -> lines.add(MET + times + " " + failure));
        }
        return String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #toBytes} wrote; lines that are not known are passed over. */
    static RunCheckpoint read(byte[] bytes) {
        List<RunHold.Announced> announced = new ArrayList<>();
        Instant until = null;
        int attempts = 0;
        Set<Action> changed = EnumSet.noneOf(Action.class);
        Map<String, Integer> met = new HashMap<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            int at = line.indexOf('@');
            if (line.startsWith(UNTIL)) {
                until = Instant.ofEpochMilli(Long.parseLong(line.substring(UNTIL.length())));
            } else if (line.startsWith(ATTEMPTS)) {
                attempts = Integer.parseInt(line.substring(ATTEMPTS.length()));
            } else if (line.startsWith(CHANGED)) {
                changed.add(Action.valueOf(line.substring(CHANGED.length())));
            } else if (line.startsWith(MET)) {
                String[] parts = line.substring(MET.length()).split(" ", 2);
                met.put(parts[1], Integer.parseInt(parts[0]));
            } else if (at >= 0) {
                announced.add(new RunHold.Announced(line.substring(at + 1), line.substring(0, at)));
            }
        }
        return new RunCheckpoint(
                announced, until == null ? null : new RunHold.PutOff(new Past(attempts, changed, met), until));
    }
}
