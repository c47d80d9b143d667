package org.medbackup.audit.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;

/**
 * An entry with what it means. All texts are clean.
 *
 * @param entry that is told
 * @param start the beginning of its operation, where that is known
 */
record Told(AuditEntry entry, @Nullable AuditEntry start) {

    private static final String REPOSITORY = "repository";
    private static final String PATIENT = "patient";
    private static final Set<ErrorCode> ALARMING = Set.of(ErrorCode.SNAPSHOT_MISSING, ErrorCode.LIMIT_VIOLATED);
    private static final Set<ErrorCode> OUT_OF_ORDER =
            Set.of(ErrorCode.AUDIT_DAMAGED, ErrorCode.STATE_UNUSABLE, ErrorCode.INTERNAL);
    private static final Map<String, ErrorCode> CATALOGUE =
            Arrays.stream(ErrorCode.values()).collect(Collectors.toUnmodifiableMap(ErrorCode::name, code -> code));
    private static final Set<String> HALF = Set.of("INCOMPLETE", "CANCELLED");

    /** How grave it is, by the numbers that healthcare has for it. */
    enum Gravity {
        NONE(0, 1, 3),
        MINOR(4, 3, 5),
        SERIOUS(8, 4, 8),
        MAJOR(12, 5, 10);

        private final int outcome;
        private final int ocsf;
        private final int cef;

        Gravity(int outcome, int ocsf, int cef) {
            this.outcome = outcome;
            this.ocsf = ocsf;
            this.cef = cef;
        }

        /** Outcome of RFC 3881, as FHIR and DICOM have it. */
        int outcome() {
            return outcome;
        }

        /** Severity of OCSF. */
        int ocsf() {
            return ocsf;
        }

        /** Severity of CEF, 0 to 10. */
        int cef() {
            return cef;
        }
    }

    /** The hash of its leaf in the trail, in hexadecimal digits. */
    String leaf() {
        return entry.leaf().toString();
    }

    String operation() {
        return Clean.text(entry.operation());
    }

    String event() {
        return Words.or(Clean.text(entry.event()), "unknown");
    }

    private boolean is(String event) {
        return entry.event().equals(event);
    }

    boolean isStart() {
        return is("started");
    }

    boolean isEnd() {
        return is("ended");
    }

    /** What the operation does. */
    String action() {
        String own = is("phase") ? null : entry.action();
        String known = own == null && start != null ? start.action() : own;
        return Words.or(orEmpty(known), "unknown");
    }

    /** Which step of it is told; empty where it is not one. */
    String phase() {
        String phase = entry.action();
        return is("phase") && phase != null ? Clean.text(phase) : "";
    }

    Act act() {
        if (is("recovered") || isAlarm()) {
            return Act.ALERT;
        }
        Act act = Actions.of(action());
        boolean handedOut = act == Act.EXTRACT || act == Act.RESTORE;
        return handedOut && !patient().isEmpty() ? Act.DISCLOSE : act;
    }

    private boolean isAlarm() {
        return is("found")
                && failure()
                        .filter(code -> code.kind() == ErrorCode.Kind.DAMAGE || ALARMING.contains(code))
                        .isPresent();
    }

    /** The failure of the catalogue. */
    Optional<ErrorCode> failure() {
        String code = entry.code();
        return code == null ? Optional.empty() : Optional.ofNullable(CATALOGUE.get(code));
    }

    /** Its code, also of another version's catalogue; empty where there is none. */
    String code() {
        return orEmpty(entry.code());
    }

    /** How it ended; empty where it has not. */
    String outcome() {
        return orEmpty(entry.outcome());
    }

    Gravity gravity() {
        if (failure().filter(OUT_OF_ORDER::contains).isPresent()) {
            return Gravity.MAJOR;
        }
        if (act() == Act.ALERT) {
            return Gravity.SERIOUS;
        }
        if (is("found") || HALF.contains(outcome())) {
            return Gravity.MINOR;
        }
        return outcome().isEmpty() || outcome().equals("SUCCESS") ? Gravity.NONE : Gravity.SERIOUS;
    }

    /** Who acts; null where nobody says. */
    @Nullable
    Actor actor() {
        Actor own = entry.actor();
        return own == null && start != null ? start.actor() : own;
    }

    /** Their name; empty where nobody says. */
    String person() {
        Actor actor = actor();
        return actor == null ? "" : Clean.text(actor.name());
    }

    /** The machine on which the call was made, or that of the trail. */
    String host(ExportOrigin origin) {
        Actor actor = actor();
        String host = actor == null ? "" : Clean.text(actor.host());
        return Words.or(host, Words.or(Clean.text(origin.host()), "unknown"));
    }

    /** The program that acts for them. */
    String service() {
        Actor actor = actor();
        String service = actor == null ? "" : orEmpty(actor.service());
        return Words.or(service, "medbackup");
    }

    String authentication() {
        Actor actor = actor();
        return actor == null ? "" : orEmpty(actor.authentication());
    }

    String reason() {
        Actor actor = actor();
        return actor == null ? "" : orEmpty(actor.reason());
    }

    String purpose() {
        Actor actor = actor();
        return actor == null ? "" : orEmpty(actor.purpose());
    }

    /** The token of the repository's place; empty where nobody says. */
    String repository() {
        return token(REPOSITORY);
    }

    /** The token of the one patient whose data it is about; empty where it is not of one. */
    String patient() {
        return token(PATIENT);
    }

    private String token(String name) {
        String own = entry.veiled().get(name);
        String known = own == null && start != null ? start.veiled().get(name) : own;
        return orEmpty(known);
    }

    /** What else is known, open and as tokens, each under its name. */
    Map<String, String> facts() {
        var facts = new LinkedHashMap<String, String>();
        entry.facts().forEach((name, value) -> facts.put(Clean.text(name), Clean.text(value)));
        entry.veiled().forEach((name, value) -> facts.put("veiled." + Clean.text(name), Clean.text(value)));
        return facts;
    }

    /** In a few words, such as {@code backup ended: INCOMPLETE, FILE_VANISHED}. */
    String headline() {
        String step = phase().isEmpty() ? event() : "phase " + phase();
        String end = outcome().isEmpty() || code().isEmpty() ? outcome() + code() : outcome() + ", " + code();
        return action() + " " + step + (end.isEmpty() ? "" : ": " + end);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : Clean.text(text);
    }
}
