package org.medbackup.recovery.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/** A plan as it was written, and everything that is wrong with it. */
final class PlanDocument {

    private static final long SLOWEST = 64 << 10;

    private static final String APPLICATIONS = "/applications";

    private final List<PlanFault> faults = new ArrayList<>();
    private @Nullable RecoveryPlan plan;

    private PlanDocument() {}

    static PlanDocument read(String text) {
        var document = new PlanDocument();
        try {
            Yaml yaml = Yaml.parse(text);
            JsonSchema.parse(schema())
                    .check(yaml.value())
                    .forEach(fault -> document.fault(yaml, fault.pointer(), fault.message()));
            if (document.faults.isEmpty()) {
                document.bind(yaml, (Members) yaml.value());
            }
        } catch (DocumentException malformed) {
            document.faults.add(new PlanFault(
                    malformed.position().line(),
                    "",
                    Objects.requireNonNullElse(malformed.getMessage(), "it is no YAML")));
        }
        document.faults.sort(Comparator.comparingInt(PlanFault::line));
        return document;
    }

    private static String schema() {
        try (InputStream stream =
                Objects.requireNonNull(PlanDocument.class.getResourceAsStream("plan.schema.json"), "it is packed")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** The plan; empty where anything is wrong. */
    Optional<RecoveryPlan> plan() {
        return faults.isEmpty() ? Optional.ofNullable(plan) : Optional.empty();
    }

    List<PlanFault> faults() {
        return List.copyOf(faults);
    }

    private void fault(Yaml yaml, String pointer, String message) {
        faults.add(new PlanFault(yaml.at(pointer).line(), pointer.isEmpty() ? "" : pointer.substring(1), message));
    }

    private void bind(Yaml yaml, Members root) {
        SequencedMap<String, PlannedApplication> applications = new LinkedHashMap<>();
        root.members("applications")
                .values()
                .forEach((name, value) -> applications.put(name, application(name, (Members) value)));
        applications.values().forEach(each -> objectives(yaml, each));
        boolean known = true;
        for (PlannedApplication each : applications.values()) {
            for (String other : each.after().keySet()) {
                if (!applications.containsKey(other)) {
                    known = false;
                    fault(yaml, after(each, other), "the plan has no application " + other);
                }
            }
        }
        if (known) {
            cycles(yaml, applications);
            inversions(yaml, applications);
        }
        Envelope envelope = root.find("envelope").isPresent() ? envelope(root.members("envelope")) : Envelope.NONE;
        keepable(yaml, "read", envelope.read());
        keepable(yaml, "write", envelope.write());
        plan = new RecoveryPlan(root.text("name"), digest(root), envelope, applications);
    }

    private void keepable(Yaml yaml, String name, long rate) {
        if (rate > 0 && rate < SLOWEST) {
            fault(yaml, "/envelope/" + name, "less than 64KiB/s cannot be kept");
        }
    }

    private static String at(PlannedApplication application) {
        return Yaml.pointer(APPLICATIONS, application.name());
    }

    private static String after(PlannedApplication application, String other) {
        return Yaml.pointer(at(application) + "/after", other);
    }

    private void objectives(Yaml yaml, PlannedApplication application) {
        Objectives objectives = application.objectives();
        if (!objectives.isTolerable()) {
            fault(
                    yaml,
                    at(application) + "/objectives",
                    "rto and wrt are longer together than mtd: the house is harmed before the work is done again");
        }
    }

    /** Each cycle once, with all who are in it. */
    private void cycles(Yaml yaml, SequencedMap<String, PlannedApplication> applications) {
        List<String> found = new Cycles(applications).first();
        if (!found.isEmpty()) {
            PlannedApplication first = Objects.requireNonNull(applications.get(found.getFirst()));
            fault(
                    yaml,
                    at(first) + "/after",
                    "each of these waits for the next, and the last for the first: " + String.join(", ", found));
        }
    }

    /** What waits for another one cannot be back before it. */
    private void inversions(Yaml yaml, SequencedMap<String, PlannedApplication> applications) {
        for (PlannedApplication each : applications.values()) {
            for (String other : each.after().keySet()) {
                PlannedApplication needed = Objects.requireNonNull(applications.get(other));
                if (needed.objectives().rto().compareTo(each.objectives().rto()) > 0) {
                    fault(
                            yaml,
                            after(each, other),
                            each.name() + " has to be back sooner than " + other + ", for which it waits");
                }
            }
        }
    }

    private static String digest(Members root) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(Json.write(root).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static PlannedApplication application(String name, Members of) {
        SequencedMap<String, Need> after = new LinkedHashMap<>();
        if (of.find("after").isPresent()) {
            of.members("after")
                    .values()
                    .forEach((other, need) ->
                            after.put(other, Need.valueOf(text(need).toUpperCase(Locale.ROOT))));
        }
        List<PlannedCheck> checks = new ArrayList<>();
        if (of.find("checks").isPresent()) {
            of.items("checks").forEach(each -> checks.add(check((Members) each)));
        }
        return new PlannedApplication(
                name,
                of.text("job"),
                of.find("criticality").isPresent() ? (int) of.whole("criticality") : 5,
                objectives(of.members("objectives")),
                after,
                of.find("target").isPresent() ? of.text("target") : null,
                checks.isEmpty() ? List.of(PlannedCheck.of(PlannedCheck.Kind.HASHES)) : checks);
    }

    private static PlannedCheck check(Members of) {
        var settings = new TreeMap<String, String>();
        of.values().forEach((name, value) -> {
            if (!name.equals("kind")) {
                settings.put(name, text(value));
            }
        });
        return new PlannedCheck(PlannedCheck.Kind.valueOf(of.text("kind").toUpperCase(Locale.ROOT)), settings);
    }

    private static String text(JsonValue value) {
        return value instanceof JsonValue.Text text ? text.value() : Json.write(value);
    }

    private static Objectives objectives(Members of) {
        return new Objectives(span(of, "mtd"), span(of, "rto"), span(of, "rpo"), span(of, "wrt"));
    }

    private static Duration span(Members of, String name) {
        if (of.find(name).isEmpty()) {
            return Duration.ZERO;
        }
        String text = of.text(name);
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static Envelope envelope(Members of) {
        return new Envelope(
                of.find("parallel").isPresent() ? (int) of.whole("parallel") : 1,
                rate(of, "read"),
                rate(of, "write"),
                of.find("processors").map(PlanDocument::number).orElse(0.0));
    }

    private static double number(JsonValue value) {
        return Double.parseDouble(text(value));
    }

    /** Bytes a second: a number with a unit of 1024. */
    private static long rate(Members of, String name) {
        if (of.find(name).isEmpty()) {
            return 0;
        }
        return Envelope.rate(of.text(name));
    }
}
