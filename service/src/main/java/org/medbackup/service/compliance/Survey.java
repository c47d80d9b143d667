package org.medbackup.service.compliance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.AuditEntry;
import org.medbackup.audit.report.ReportFiles;

/**
 * What is configured, as a report has to know it: names of jobs, targets and applications as the configuration gives them, and
 * no path, address or option. It stands in the trail, so that a report can be made again and its claims be proven.
 *
 * @param sources jobs, and applications that no job backs up
 * @param targets of copies; the repository is the empty name
 * @param plans of recovery that drills carry out
 */
public record Survey(List<Source> sources, List<Target> targets, List<Plan> plans) {

    /** The operation that records one. */
    public static final String ACTION = "compliance-survey";

    public static final String SOURCE = "surveyed-source";
    public static final String TARGET = "surveyed-target";
    public static final String PLAN = "surveyed-plan";

    public Survey {
        sources = List.copyOf(sources);
        targets = List.copyOf(targets);
        plans = List.copyOf(plans);
    }

    /** Something of the configuration that an entry tells of. */
    public sealed interface Part {

        /** The name of its phase. */
        String phase();

        /** As facts of an entry. */
        Map<String, String> facts();
    }

    /**
     * A job, or an application without one.
     *
     * @param name in the configuration
     * @param kind {@code trees}, {@code application}, {@code group}, or {@code unprotected} for an application without a job
     * @param rpo how old its newest copy may be, in seconds; 0 where nobody says
     * @param scheduled whether it runs by itself
     * @param verified how it is proven; empty for not at all
     * @param kept whether it has rules of retention
     * @param copies how many targets get a copy
     * @param offSite how many of these stand elsewhere
     */
    public record Source(
            String name,
            String kind,
            long rpo,
            boolean scheduled,
            String verified,
            boolean kept,
            int copies,
            int offSite)
            implements Part {

        /** Whether a job backs it up. */
        public boolean isProtected() {
            return !kind.equals("unprotected");
        }

        @Override
        public String phase() {
            return SOURCE;
        }

        @Override
        public Map<String, String> facts() {
            return Map.of(
                    "source", name,
                    "kind", kind,
                    "rpo", String.valueOf(rpo),
                    "scheduled", String.valueOf(scheduled),
                    "verified", verified,
                    "kept", String.valueOf(kept),
                    "copies", String.valueOf(copies),
                    "offSite", String.valueOf(offSite));
        }
    }

    /**
     * A target.
     *
     * @param name in the configuration; empty for the repository
     * @param media on which it keeps data
     * @param provider scheme of a service of others; empty where the site keeps it itself, as far as its address tells
     * @param offSite whether it stands elsewhere than what is backed up
     * @param locked whether its address asks for retention locks
     */
    public record Target(String name, String media, String provider, boolean offSite, boolean locked) implements Part {

        @Override
        public String phase() {
            return TARGET;
        }

        @Override
        public Map<String, String> facts() {
            return Map.of(
                    "target", name,
                    "media", media,
                    "provider", provider,
                    "offSite", String.valueOf(offSite),
                    "locked", String.valueOf(locked));
        }

        /** For people. */
        public String shown() {
            return name.isEmpty() ? "(repository)" : name;
        }
    }

    /**
     * A plan that a drill carries out.
     *
     * @param drill its name in the configuration
     * @param digest of the plan; empty where its file cannot be read
     * @param every within how many seconds it is rehearsed
     */
    public record Plan(String drill, String digest, long every) implements Part {

        @Override
        public String phase() {
            return PLAN;
        }

        @Override
        public Map<String, String> facts() {
            return Map.of("drill", drill, "plan", digest, "every", String.valueOf(every));
        }

        /** For people. */
        public String shown() {
            return drill + "/" + (digest.isEmpty() ? "unreadable" : digest.substring(0, Math.min(12, digest.length())));
        }
    }

    /** All parts in the order in which they are recorded. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>(sources);
        parts.addAll(targets);
        parts.addAll(plans);
        return parts;
    }

    /** By which it is known whether something else is configured now. */
    public String digest() {
        var text = new StringBuilder();
        for (Part part : parts()) {
            text.append(part.phase());
            new java.util.TreeMap<>(part.facts())
                    .forEach((name, value) ->
                            text.append('\n').append(name).append('=').append(value));
            text.append('\n');
        }
        return ReportFiles.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Puts one together from the entries of its operation. For one thread. */
    public static final class Reader {

        private final List<Source> sources = new ArrayList<>();
        private final List<Target> targets = new ArrayList<>();
        private final List<Plan> plans = new ArrayList<>();

        /** Sees one of them; others are passed over. */
        public void see(AuditEntry entry) {
            Map<String, String> facts = entry.facts();
            switch (String.valueOf(entry.action())) {
                case SOURCE ->
                    sources.add(new Source(
                            text(facts, "source"),
                            text(facts, "kind"),
                            Trail.whole(facts.get("rpo")),
                            is(facts, "scheduled"),
                            text(facts, "verified"),
                            is(facts, "kept"),
                            (int) Trail.whole(facts.get("copies")),
                            (int) Trail.whole(facts.get("offSite"))));
                case TARGET ->
                    targets.add(new Target(
                            text(facts, "target"),
                            text(facts, "media"),
                            text(facts, "provider"),
                            is(facts, "offSite"),
                            is(facts, "locked")));
                case PLAN ->
                    plans.add(new Plan(text(facts, "drill"), text(facts, "plan"), Trail.whole(facts.get("every"))));
                default -> {}
            }
        }

        /** What they told. */
        public Survey survey() {
            return new Survey(sources, targets, plans);
        }

        private static String text(Map<String, String> facts, String name) {
            @Nullable String value = facts.get(name);
            return value == null ? "" : value;
        }

        private static boolean is(Map<String, String> facts, String name) {
            return "true".equals(facts.get(name));
        }
    }
}
