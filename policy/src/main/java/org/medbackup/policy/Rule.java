package org.medbackup.policy;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.expressions.Condition;

/**
 * A rule of a policy. Rules that assign are asked in their order, and for each field the first that holds decides. Rules that
 * restrict hold always and together: the most copies, the longest retention, only tiers that all of them allow.
 *
 * @param id its name, which decisions bear
 * @param effect whether it assigns or restricts
 * @param when it holds
 * @param change what it says
 * @param reason for people
 */
public record Rule(String id, Effect effect, Condition when, Change change, String reason) {

    /** How a rule acts together with others. */
    public enum Effect {
        /** The first one that holds decides. */
        ASSIGN,
        /** All that hold decide together. */
        RESTRICT
    }

    /**
     * What a rule says of a file; what it does not say is null or, of tiers, nothing.
     *
     * @param tier name of the tier to which it goes
     * @param tiers names of those to which alone it may go
     * @param retention name of its retention class
     * @param keyDomain name of the domain whose keys seal it
     * @param copies how many there are at least; 0 where it says nothing
     * @param rto by when it has to be back at the latest; zero where it says nothing
     */
    public record Change(
            @Nullable String tier,
            Set<String> tiers,
            @Nullable String retention,
            @Nullable String keyDomain,
            int copies,
            Duration rto) {

        public Change {
            tiers = Set.copyOf(tiers);
        }

        /** The tier that it assigns, where it does. */
        public Optional<String> assignedTier() {
            return Optional.ofNullable(tier);
        }
    }
}
