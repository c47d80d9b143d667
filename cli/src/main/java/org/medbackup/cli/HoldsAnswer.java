package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.engine.LegalHold;
import org.medbackup.service.HoldOperations.Held;

/** Says which legal holds there are. */
final class HoldsAnswer {

    private HoldsAnswer() {}

    static Answer placed(Held held) {
        Answer answer = told(held).line("hold " + held.hold().id() + " is placed and covers " + count(held));
        return held.snapshots().isEmpty()
                ? answer.line("it covers only what is made from now on; release it where that is not what was meant")
                : answer;
    }

    static Answer released(Held held) {
        return told(held).line("hold " + held.hold().id() + " is released; it covered " + count(held));
    }

    static Answer list(List<Held> all) {
        var answer = new Answer()
                .field("holds", all.stream().map(HoldsAnswer::members).toList());
        if (all.isEmpty()) {
            answer.line("no legal hold stands");
        }
        for (Held each : all) {
            LegalHold hold = each.hold();
            answer.line(hold.id() + "  " + hold.matter() + ", by " + hold.by() + " since " + hold.since() + ", covers "
                    + count(each));
        }
        return answer;
    }

    private static Answer told(Held held) {
        var absent = new LinkedHashMap<String, Object>();
        held.absent().forEach((target, code) -> absent.put(target, code.name()));
        var answer = new Answer()
                .field("holds", List.of(members(held)))
                .field("snapshots", held.snapshots())
                .field("absent", absent);
        held.absent()
                .forEach((target, code) -> answer.line(
                        "target " + target + " does not know of it yet (" + code + "); the next copy brings it along"));
        return answer;
    }

    private static String count(Held held) {
        int count = held.snapshots().size();
        return count + (count == 1 ? " restore point" : " restore points");
    }

    private static Map<String, Object> members(Held held) {
        LegalHold hold = held.hold();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", hold.id());
        members.put("matter", hold.matter());
        members.put("selector", selector(hold.selector()));
        members.put("since", hold.since().toString());
        members.put("by", hold.by());
        members.put("covers", held.snapshots().size());
        return members;
    }

    private static Map<String, Object> selector(LegalHold.Selector selector) {
        var members = new LinkedHashMap<String, Object>();
        if (!selector.snapshots().isEmpty()) {
            members.put("snapshots", selector.snapshots().stream().sorted().toList());
        }
        if (!selector.source().isEmpty()) {
            members.put("source", selector.source());
        }
        if (!selector.host().isEmpty()) {
            members.put("host", selector.host());
        }
        if (!selector.paths().isEmpty()) {
            members.put("paths", selector.paths());
        }
        selector.from().ifPresent(time -> members.put("from", time.toString()));
        selector.until().ifPresent(time -> members.put("until", time.toString()));
        return members;
    }
}
