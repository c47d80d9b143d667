package org.medbackup.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.place.FileFacts;

/**
 * A test that a policy brings along: a file, and what is to be decided for it.
 *
 * @param name for people
 * @param facts of the file; its age is taken at {@link #NOW}
 * @param found what the file is
 * @param expected what is to come out
 */
public record Expectation(String name, FileFacts facts, Classification found, Expected expected) {

    /** All tests are judged at one time, so that none of them fails by itself one day. */
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /**
     * What is to come out; what is not said may be anything.
     *
     * @param tier null for any
     * @param retention null for any
     * @param keyDomain null for any
     * @param copies 0 for any
     * @param quarantined null for any
     */
    public record Expected(
            @Nullable String tier,
            @Nullable String retention,
            @Nullable String keyDomain,
            int copies,
            @Nullable Boolean quarantined) {}

    /** What is wrong; empty where the policy decides as it should. */
    Optional<PolicyConflict> failure(Policy policy) {
        Decision decided = policy.decide(facts, found, NOW);
        List<String> wrong = new ArrayList<>();
        compare(wrong, "tier", expected.tier(), decided.tier());
        compare(wrong, "retention", expected.retention(), decided.retention());
        compare(wrong, "keyDomain", expected.keyDomain(), decided.keyDomain());
        compare(wrong, "copies", expected.copies() == 0 ? null : expected.copies(), decided.copies());
        compare(wrong, "quarantined", expected.quarantined(), decided.quarantined());
        if (wrong.isEmpty()) {
            return Optional.empty();
        }
        List<String> rules = decided.trace().stream()
                .map(Decision.Step::rule)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
        return Optional.of(new PolicyConflict(
                PolicyConflict.Kind.TEST_FAILED, rules, "test " + name + ": " + String.join("; ", wrong)));
    }

    private static void compare(List<String> wrong, String field, @Nullable Object wanted, Object got) {
        if (wanted != null && !wanted.equals(got)) {
            wrong.add(field + " is " + got + " and not " + wanted);
        }
    }
}
