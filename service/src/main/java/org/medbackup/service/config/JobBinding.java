package org.medbackup.service.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.engine.RetentionRules;
import org.medbackup.engine.VerifyLevel;

/** Makes targets and jobs of a document that keeps the schema. */
final class JobBinding {

    private static final String NOT_AT_ALL = "none";

    private final DocumentValues values;

    JobBinding(DocumentValues values) {
        this.values = values;
    }

    /** Locations by the name of the target. */
    SortedMap<String, String> targets(Members root) {
        var targets = new TreeMap<String, String>();
        DocumentValues.each(
                root,
                "targets",
                (name, entry) -> targets.put(
                        name,
                        Objects.requireNonNull(
                                values.text(entry, Yaml.pointer("/targets", name), "location"),
                                "the schema demands it")));
        return targets;
    }

    /** On what and where targets keep data, as far as it is said; the repository's own under the empty name. */
    SortedMap<String, TargetPlace> places(Members root) {
        var places = new TreeMap<String, TargetPlace>();
        DocumentValues.each(
                root,
                "targets",
                (name, entry) -> place(entry, Yaml.pointer("/targets", name), entry.text("location"))
                        .ifPresent(place -> places.put(name, place)));
        Members home = DocumentValues.members(DocumentValues.members(root, "policy"), "home");
        String repository = root.find("repository").isPresent() ? root.text("repository") : "";
        place(home, "/policy/home", repository).ifPresent(place -> places.put("", place));
        return places;
    }

    private Optional<TargetPlace> place(Members entry, String at, String location) {
        String media = values.text(entry, at, "media");
        String site = values.text(entry, at, "site");
        return media == null && site == null
                ? Optional.empty()
                : Optional.of(new TargetPlace(
                        Objects.requireNonNullElse(
                                media, TargetPlace.of(location).media()),
                        Objects.requireNonNullElse(site, "")));
    }

    SortedMap<String, JobEntry> jobs(Members root) {
        var jobs = new TreeMap<String, JobEntry>();
        DocumentValues.each(root, "jobs", (name, entry) -> jobs.put(name, job(name, entry)));
        return jobs;
    }

    private JobEntry job(String name, Members entry) {
        String at = Yaml.pointer("/jobs", name);
        String verify = values.or(values.text(entry, at, "verify"), at + "/verify", "structure", text -> text);
        String spill = values.text(entry, at, "spill");
        return new JobEntry(
                name,
                subject(entry, at),
                verify.equals(NOT_AT_ALL) ? null : VerifyLevel.valueOf(verify.toUpperCase(Locale.ROOT)),
                keep(DocumentValues.members(entry, "keep"), at + "/keep"),
                values.texts(entry, at, "copies"),
                spill == null ? "" : spill,
                values.duration(entry, at, "retryFor", JobEntry.RETRY_FOR),
                new ServiceBinding(values).schedule(entry, at));
    }

    private JobEntry.Subject subject(Members entry, String at) {
        String application = values.text(entry, at, "application");
        String group = values.text(entry, at, "group");
        if (application != null) {
            return new JobEntry.OfApplication(application);
        }
        if (group != null) {
            return new JobEntry.OfGroup(group);
        }
        boolean one =
                values.or(values.text(entry, at, "oneFileSystem"), at + "/oneFileSystem", "false", Boolean::valueOf);
        return new JobEntry.Trees(values.texts(entry, at, "paths"), values.texts(entry, at, "exclude"), one);
    }

    private RetentionRules keep(Members keep, String at) {
        return new RetentionRules(
                count(values.text(keep, at, "last")),
                count(values.text(keep, at, "daily")),
                count(values.text(keep, at, "weekly")),
                count(values.text(keep, at, "monthly")),
                count(values.text(keep, at, "yearly")),
                Duration.ZERO);
    }

    private static int count(@Nullable String text) {
        return text == null ? 0 : Integer.parseInt(text);
    }
}
