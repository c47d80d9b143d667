package org.medbackup.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.policy.Decision;
import org.medbackup.policy.Weakening;
import org.medbackup.service.PolicyInForce;

/** Parts of answers about policies. */
final class PolicyAnswer {

    private PolicyAnswer() {}

    static Map<String, Object> policy(PolicyInForce inForce) {
        var members = new LinkedHashMap<String, Object>();
        members.put("version", inForce.policy().version());
        members.put("digest", inForce.policy().digest());
        members.put("builtIn", inForce.isBuiltIn());
        members.put("activated", text(inForce.activated()));
        members.put("signers", inForce.signers());
        return members;
    }

    private static Object text(@Nullable Object value) {
        return value == null ? Answer.NONE : value.toString();
    }

    static String line(PolicyInForce inForce) {
        Instant activated = inForce.activated();
        return activated == null
                ? "the built-in policy for a hospital is in force"
                : "version " + inForce.policy().version() + " is in force since "
                        + activated.truncatedTo(ChronoUnit.SECONDS);
    }

    static String files(long count) {
        return count == 1 ? "1 file" : count + " files";
    }

    static Map<String, Object> decision(Decision decision) {
        var members = new LinkedHashMap<String, Object>();
        members.put("tier", decision.tier());
        members.put("retention", decision.retention());
        members.put("keyDomain", decision.keyDomain());
        members.put("copies", decision.copies());
        members.put(
                "rtoSeconds",
                decision.rto().isZero() ? Answer.NONE : decision.rto().toSeconds());
        members.put("quarantined", decision.quarantined());
        members.put("trace", decision.trace().stream().map(PolicyAnswer::step).toList());
        return members;
    }

    private static Map<String, Object> step(Decision.Step step) {
        var members = new LinkedHashMap<String, Object>();
        members.put("rule", step.rule().isEmpty() ? Answer.NONE : step.rule());
        members.put("field", step.field());
        members.put("value", step.value());
        members.put("reason", step.reason());
        return members;
    }

    static String line(Decision decision) {
        return decision.tier() + ", " + decision.retention() + ", keys " + decision.keyDomain() + ", "
                + decision.copies() + (decision.copies() == 1 ? " copy" : " copies")
                + (decision.quarantined() ? ", QUARANTINED" : "");
    }

    static String line(Decision.Step step) {
        String by = step.rule().isEmpty() ? "the policy" : step.rule();
        return by + ": " + step.field() + " " + step.value() + " (" + step.reason() + ")";
    }

    static List<Map<String, Object>> weakenings(List<Weakening> weakenings) {
        return weakenings.stream()
                .map(each -> {
                    Map<String, Object> members = new LinkedHashMap<>();
                    members.put("kind", each.kind());
                    members.put("message", each.message());
                    return members;
                })
                .toList();
    }

    /** Small sums are not rounded away. */
    static String money(double amount) {
        return String.format(Locale.ROOT, amount >= 1 || amount == 0 ? "%.2f" : "%.3g", amount);
    }
}
