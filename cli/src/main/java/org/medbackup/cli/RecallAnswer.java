package org.medbackup.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.medbackup.core.ByteSizes;
import org.medbackup.service.RecallCost;
import org.medbackup.service.RecallOrder;
import org.medbackup.service.RecallPlan;
import org.medbackup.service.RecallSpeed;

/** What a plan to bring packs back says to machines and to people. What nobody knows is left out. */
final class RecallAnswer {

    private RecallAnswer() {}

    static Map<String, Object> fields(RecallPlan plan) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("snapshot", plan.snapshot());
        fields.put("readable", share(plan.readable()));
        fields.put("coming", share(plan.coming()));
        fields.put("cold", share(plan.cold()));
        fields.put("ready", plan.isReady());
        fields.put("batches", plan.batches());
        fields.put("packs", plan.waiting().packs());
        fields.put("bytes", plan.waiting().bytes());
        plan.speed().ifPresent(chosen -> fields.putAll(speed(chosen)));
        if (plan.isReady()) {
            fields.put("waitSeconds", 0);
        }
        plan.cost().ifPresent(cost -> fields.put("cost", cost(cost)));
        fields.put("speeds", plan.speeds().stream().map(RecallAnswer::speed).toList());
        return fields;
    }

    private static Map<String, Object> share(RecallPlan.Share share) {
        var members = new LinkedHashMap<String, Object>();
        members.put("packs", share.packs());
        members.put("bytes", share.bytes());
        return members;
    }

    private static Map<String, Object> speed(RecallSpeed speed) {
        var members = new LinkedHashMap<String, Object>();
        members.put("speed", name(speed));
        speed.longestWait().ifPresent(wait -> members.put("waitSeconds", wait.toSeconds()));
        return members;
    }

    private static Map<String, Object> cost(RecallCost cost) {
        var members = new LinkedHashMap<String, Object>();
        members.put("recall", cost.recall());
        members.put("egress", cost.egress());
        members.put("requests", cost.requests());
        members.put("total", cost.total());
        return members;
    }

    private static String name(RecallSpeed speed) {
        return speed.speed().name().toLowerCase(Locale.ROOT);
    }

    /** Says a plan, and ends as an order of it would. */
    static Answer with(Answer answer, RecallPlan plan, RecallOrder order) {
        lines(plan).forEach(answer::line);
        plan.refusal(order)
                .ifPresent(refusal -> answer.ending(ExitCode.of(refusal.code()), refusal.code(), refusal.message()));
        return answer;
    }

    private static List<String> lines(RecallPlan plan) {
        var lines = new java.util.ArrayList<String>();
        lines.add(line("can be read", plan.readable()));
        lines.add(line("are on their way", plan.coming()));
        lines.add(line("lie cold", plan.cold()));
        if (plan.isReady()) {
            lines.add("a restore can begin at once");
            return lines;
        }
        for (RecallSpeed each : plan.speeds()) {
            boolean isChosen = plan.speed().filter(each::equals).isPresent();
            lines.add((isChosen ? "  * " : "    ") + name(each) + ": "
                    + each.longestWait().map(wait -> text(wait) + " at most").orElse("nobody says how long it takes"));
        }
        lines.add(plan.batches() == 1 ? "they come in one batch" : "they come in " + plan.batches() + " batches");
        lines.add(plan.cost()
                .map(cost -> "cost: " + PolicyAnswer.money(cost.total()) + " at most (recall "
                        + PolicyAnswer.money(cost.recall()) + ", egress " + PolicyAnswer.money(cost.egress())
                        + ", requests " + PolicyAnswer.money(cost.requests()) + ")")
                .orElse("cost: not known, since the policy in force says no prices or cannot be read"));
        lines.add("a restore needs --recall or --deadline, and waits for them");
        return lines;
    }

    private static String line(String what, RecallPlan.Share share) {
        return share.packs() + " packs, " + ByteSizes.text(share.bytes()) + ", " + what;
    }

    private static String text(Duration wait) {
        if (wait.toHours() < 1) {
            return wait.toMinutes() + " min";
        }
        return wait.toHours() + " h" + (wait.toMinutesPart() == 0 ? "" : " " + wait.toMinutesPart() + " min");
    }
}
