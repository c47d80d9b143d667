package org.medbackup.cli;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.LockResult;
import org.medbackup.service.LockOperations.Locked;

/** Says how restore points are locked. */
final class LocksAnswer {

    private LocksAnswer() {}

    static Answer of(List<Locked> all) {
        var answer = new Answer()
                .field("snapshots", all.stream().map(LocksAnswer::members).toList())
                .field("whole", all.stream().allMatch(each -> each.locks().isWhole()));
        if (all.isEmpty()) {
            answer.line("no restore points");
        }
        all.forEach(each -> answer.line(line(each)));
        return answer;
    }

    private static String line(Locked each) {
        LockResult locks = each.locks();
        String until = locks.until()
                .map(end -> " until " + end.truncatedTo(ChronoUnit.SECONDS) + " at least")
                .orElse("");
        return locks.snapshot().substring(0, 8) + "  " + locks.locked() + " of " + locks.objects()
                + " objects are locked" + until
                + (locks.extended() == 0 ? "" : ", " + locks.extended() + " longer than before");
    }

    private static Map<String, Object> members(Locked each) {
        LockResult locks = each.locks();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", locks.snapshot());
        members.put("source", each.source());
        members.put("objects", locks.objects());
        members.put("locked", locks.locked());
        members.put("extended", locks.extended());
        members.put("until", locks.until().<Object>map(Object::toString).orElse(Answer.NONE));
        members.put("whole", locks.isWhole());
        return members;
    }
}
