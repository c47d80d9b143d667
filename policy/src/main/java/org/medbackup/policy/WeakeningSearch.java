package org.medbackup.policy;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.core.error.BackupException;

/**
 * Looks for what a policy protects less than the one before it: tries both on {@link MadeFiles} and compares what they say. Where
 * the trial cannot tell, as of a rule that restricts under another condition, it counts as less. For one search.
 */
final class WeakeningSearch {

    private final Policy before;
    private final Policy after;
    private final Set<Weakening> found = new LinkedHashSet<>();

    WeakeningSearch(Policy before, Policy after) {
        this.before = before;
        this.after = after;
    }

    List<Weakening> weakenings() {
        if (!before.digest().equals(after.digest())) {
            tiers();
            classes();
            defaults();
            restrictions();
            recordNumbers();
            trials();
        }
        return found.stream().sorted(Comparator.comparing(Weakening::kind)).toList();
    }

    private void add(Weakening.Kind kind, String message) {
        found.add(new Weakening(kind, message));
    }

    private void tiers() {
        before.tiers().forEach((name, old) -> {
            Tier tier = after.tiers().get(name);
            if (tier != null && tier.most().compareTo(old.most()) > 0) {
                add(
                        Weakening.Kind.MORE_SENSITIVE,
                        "tier " + name + " takes " + tier.most() + " and no longer " + old.most() + " at most");
            }
            if (tier != null && old.immutable() && !tier.immutable()) {
                add(Weakening.Kind.IMMUTABLE_LOST, "tier " + name + " can lock nothing any more");
            }
        });
    }

    private void classes() {
        for (String name : new TreeSet<>(before.retention().keySet())) {
            RetentionClass old = Protection.kept(before, name);
            RetentionClass kept = after.retention().get(name);
            if (kept == null) {
                continue;
            }
            if (old.isLongerThan(kept)) {
                add(
                        Weakening.Kind.RETENTION_SHORTER,
                        "class " + name + " keeps for " + Written.span(kept.keep()) + " and no longer for "
                                + Written.span(old.keep()));
            }
            if (old.keepsMorePointsThan(kept)) {
                add(
                        Weakening.Kind.FEWER_RESTORE_POINTS,
                        "class " + name + " keeps restore points of fewer days, weeks, months or years");
            }
            if (old.days(old.lock()) > kept.days(kept.lock())) {
                add(
                        Weakening.Kind.LOCK_SHORTER,
                        "class " + name + " locks for " + Written.span(kept.lock()) + " and no longer for "
                                + Written.span(old.lock()));
            }
            if (!old.archive().isEmpty() && !old.archive().equals(kept.archive())) {
                add(
                        Weakening.Kind.LEGAL_FLOOR_DROPPED,
                        "class " + name + " does not archive " + old.archive() + " any more");
            }
        }
    }

    private void defaults() {
        if (after.defaults().copies() < before.defaults().copies()) {
            add(
                    Weakening.Kind.FEWER_COPIES,
                    "by default there are " + after.defaults().copies() + " copies and no longer "
                            + before.defaults().copies());
        }
        Tier old = Protection.tier(before, before.defaults().quarantine());
        Tier quarantine = Protection.tier(after, after.defaults().quarantine());
        if (old.immutable() && !quarantine.immutable()) {
            add(Weakening.Kind.IMMUTABLE_LOST, "quarantine is on a tier that can lock nothing");
        }
    }

    private void recordNumbers() {
        for (String each : before.recordNumbers()) {
            if (!after.recordNumbers().contains(each)) {
                add(
                        Weakening.Kind.RECORD_NUMBERS_DROPPED,
                        "texts with record numbers like " + each + " are not taken for a patient's any more");
            }
        }
    }

    /** Each rule that restricts has to be there under the same condition, and say no less. */
    private void restrictions() {
        for (Rule old : before.rules()) {
            if (old.effect() == Rule.Effect.RESTRICT && after.rules().stream().noneMatch(each -> isNoLess(old, each))) {
                add(
                        Weakening.Kind.RESTRICTION_CHANGED,
                        "rule " + old.id() + ", which restricts, is gone, says less or has another condition");
            }
        }
    }

    private boolean isNoLess(Rule old, Rule rule) {
        Rule.Change was = old.change();
        Rule.Change is = rule.change();
        boolean sameTiers =
                was.tiers().isEmpty() || !is.tiers().isEmpty() && was.tiers().containsAll(is.tiers());
        boolean sameKeys = was.keyDomain() == null || was.keyDomain().equals(is.keyDomain());
        boolean inTime = was.rto().isZero() || !is.rto().isZero() && is.rto().compareTo(was.rto()) <= 0;
        return rule.effect() == Rule.Effect.RESTRICT
                && rule.when().text().equals(old.when().text())
                && sameTiers
                && sameKeys
                && keepsNoLess(was, is)
                && is.copies() >= was.copies()
                && inTime;
    }

    private boolean keepsNoLess(Rule.Change was, Rule.Change is) {
        String old = was.retention();
        String kept = is.retention();
        return old == null || kept != null && !Protection.kept(before, old).isLongerThan(Protection.kept(after, kept));
    }

    private void trials() {
        var made = MadeFiles.from(Stream.of(before, after)
                .flatMap(each -> each.rules().stream())
                .flatMap(each -> each.when().constants().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new)));
        var protection = new Protection(before, after);
        for (int i = 0; i < made.values().size(); i++) {
            try {
                Classification what = made.found(i);
                Decision old = before.decide(what, made.values().get(i));
                found.addAll(
                        protection.lost(old, after.decide(what, made.values().get(i))));
            } catch (BackupException impossible) {
                // A condition that cannot be worked out for a made file, such as the tenth letter of an empty path.
            }
        }
    }
}
