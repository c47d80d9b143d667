package org.medbackup.audit.report;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.DocumentException;
import org.medbackup.documents.JsonSchema;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;

/**
 * What a site states for its reports and no program can know: contracts, alternatives, sign-offs, criticality, waivers. Its
 * words stand in the reports as they are. Immutable.
 *
 * @param entity whose report it is; empty where nobody says
 * @param associates who store copies for it
 * @param own names of targets that the site keeps itself, though their address is of a kind that services of others have
 * @param alternatives what is done instead of addressable specifications
 * @param waivers what is not done for a while
 * @param reviews of the audit trail
 * @param drills that were reviewed and certified
 * @param applications how critical they are
 * @param sha256 of the file's text; empty where there is none
 */
public record Statements(
        String entity,
        List<Associate> associates,
        List<String> own,
        List<Alternative> alternatives,
        List<Waiver> waivers,
        List<Review> reviews,
        List<DrillReview> drills,
        List<Criticality> applications,
        String sha256) {

    /** Where nobody states anything. */
    public static final Statements NONE =
            new Statements("", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), "");

    public Statements {
        associates = List.copyOf(associates);
        own = List.copyOf(own);
        alternatives = List.copyOf(alternatives);
        waivers = List.copyOf(waivers);
        reviews = List.copyOf(reviews);
        drills = List.copyOf(drills);
        applications = List.copyOf(applications);
    }

    /**
     * A business associate.
     *
     * @param targets names of the storage targets that it keeps
     * @param agreement when the contract was made; null where there is none
     * @param expires the last day on which it holds; null for no end
     */
    public record Associate(
            String name,
            List<String> targets,
            @Nullable LocalDate agreement,
            @Nullable LocalDate expires,
            List<String> regions) {
        public Associate {
            targets = List.copyOf(targets);
            regions = List.copyOf(regions);
        }

        /** Whether a contract holds at a moment. */
        public boolean isBound(Instant at) {
            LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
            return agreement != null && !agreement.isAfter(day) && (expires == null || !expires.isBefore(day));
        }
    }

    /** What is done instead of an addressable specification; {@code expires} is the last day on which it holds. */
    public record Alternative(String control, String alternative, String reason, String owner, LocalDate expires) {
        boolean holds(Instant at) {
            return !expires.isBefore(at.atZone(ZoneOffset.UTC).toLocalDate());
        }
    }

    /** What is not done for a while; it changes no status. */
    public record Waiver(String control, String owner, String reason, LocalDate expires) {}

    /** Somebody has looked through the trail; both days belong to what was looked at. */
    public record Review(LocalDate from, LocalDate to, String reviewer, LocalDate on, String findings) {}

    /** Somebody answers for the result of a drill. */
    public record DrillReview(String drill, String reviewer, LocalDate on, List<String> actions) {
        public DrillReview {
            actions = List.copyOf(actions);
        }
    }

    /**
     * How critical an application is.
     *
     * @param source name of its job
     * @param tier 0 comes first
     * @param dataClass of what it holds
     * @param rpo how old its newest copy may be; null where nobody says
     * @param rto how long a restore may take; null where nobody says
     * @param needs what it depends on
     */
    public record Criticality(
            String source,
            long tier,
            String dataClass,
            @Nullable Duration rpo,
            @Nullable Duration rto,
            List<String> needs,
            String approver) {
        public Criticality {
            needs = List.copyOf(needs);
        }
    }

    /**
     * Something that is wrong with the file.
     *
     * @param line from 1
     * @param key JSON pointer; empty for the whole
     * @param message without the value
     */
    public record Fault(int line, String key, String message) {}

    /**
     * What was read.
     *
     * @param statements null where something is wrong
     * @param faults all that is wrong, in the order of the lines
     */
    public record Reading(@Nullable Statements statements, List<Fault> faults) {
        public Reading {
            faults = List.copyOf(faults);
        }
    }

    /** Reads a file's text. */
    public static Reading read(String text) {
        Yaml yaml;
        try {
            yaml = Yaml.parse(text);
        } catch (DocumentException malformed) {
            return new Reading(
                    null, List.of(new Fault(malformed.position().line(), "", String.valueOf(malformed.getMessage()))));
        }
        var faults = new ArrayList<Fault>();
        JsonSchema.parse(schema())
                .check(yaml.value())
                .forEach(each -> faults.add(new Fault(yaml.at(each.pointer()).line(), each.pointer(), each.message())));
        if (!faults.isEmpty() || !(yaml.value() instanceof Members root)) {
            faults.sort(java.util.Comparator.comparingInt(Fault::line));
            return new Reading(null, faults);
        }
        Statements read = new Binding(yaml, faults).bind(root, text);
        return new Reading(faults.isEmpty() ? read : null, faults);
    }

    /** The schema of the file, as JSON. */
    public static String schema() {
        return Profile.resource("statements.schema.json");
    }

    /** Takes the values out of a document that keeps the schema. */
    private record Binding(Yaml yaml, List<Fault> faults) {

        private interface Item<T> {
            T of(Members members, String at);
        }

        Statements bind(Members root, String text) {
            List<String> controls = Profile.known().stream()
                    .flatMap(each -> Profile.of(each).controls().stream())
                    .map(Control::id)
                    .distinct()
                    .toList();
            return new Statements(
                    text(root, "entity"),
                    list(
                            root,
                            "associates",
                            (each, at) -> new Associate(
                                    each.text("name"),
                                    texts(each, "targets"),
                                    date(each, at, "agreement"),
                                    date(each, at, "expires"),
                                    texts(each, "regions"))),
                    texts(root, "own"),
                    list(
                            root,
                            "alternatives",
                            (each, at) -> new Alternative(
                                    control(each, at, controls),
                                    each.text("alternative"),
                                    each.text("reason"),
                                    each.text("owner"),
                                    day(each, at, "expires"))),
                    list(
                            root,
                            "waivers",
                            (each, at) -> new Waiver(
                                    control(each, at, controls),
                                    each.text("owner"),
                                    each.text("reason"),
                                    day(each, at, "expires"))),
                    list(
                            root,
                            "reviews",
                            (each, at) -> new Review(
                                    day(each, at, "from"),
                                    day(each, at, "to"),
                                    each.text("reviewer"),
                                    day(each, at, "on"),
                                    each.text("findings"))),
                    list(
                            root,
                            "drills",
                            (each, at) -> new DrillReview(
                                    each.text("drill"),
                                    each.text("reviewer"),
                                    day(each, at, "on"),
                                    texts(each, "actions"))),
                    list(
                            root,
                            "applications",
                            (each, at) -> new Criticality(
                                    each.text("source"),
                                    each.whole("tier"),
                                    each.text("class"),
                                    span(text(each, "rpo")),
                                    span(text(each, "rto")),
                                    texts(each, "needs"),
                                    each.text("approver"))),
                    ReportFiles.sha256(text.getBytes(StandardCharsets.UTF_8)));
        }

        private static <T> List<T> list(Members root, String name, Item<T> item) {
            List<JsonValue> items = root.find(name).isPresent() ? root.items(name) : List.of();
            var all = new ArrayList<T>();
            for (int i = 0; i < items.size(); i++) {
                all.add(item.of((Members) items.get(i), "/" + name + "/" + i));
            }
            return all;
        }

        private static String text(Members members, String name) {
            return members.find(name).isPresent() ? members.text(name) : "";
        }

        private static List<String> texts(Members members, String name) {
            return members.find(name).isEmpty()
                    ? List.of()
                    : members.items(name).stream()
                            .map(each -> ((JsonValue.Text) each).value())
                            .toList();
        }

        private String control(Members members, String at, List<String> known) {
            String id = members.text("control");
            if (!known.contains(id)) {
                fault(at + "/control", "no profile has this control");
            }
            return id;
        }

        private @Nullable LocalDate date(Members members, String at, String name) {
            return members.find(name).isEmpty() ? null : day(members, at, name);
        }

        private LocalDate day(Members members, String at, String name) {
            try {
                return LocalDate.parse(members.text(name));
            } catch (DateTimeException absent) {
                fault(at + "/" + name, "there is no such day");
                return LocalDate.EPOCH;
            }
        }

        private void fault(String pointer, String message) {
            faults.add(new Fault(yaml.at(pointer).line(), pointer, message));
        }

        private static @Nullable Duration span(String text) {
            if (text.isEmpty()) {
                return null;
            }
            String unit = text.replaceAll("[0-9 ]", "");
            long count = Long.parseLong(text.replaceAll("[^0-9]", ""));
            return switch (unit) {
                case "s" -> Duration.ofSeconds(count);
                case "m", "min" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
    }
}
