package org.medbackup.service;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectInfo;

/**
 * What a restore needs from cold storage, how long that takes and what it costs.
 *
 * @param snapshot id of the restore point
 * @param readable packs that can be read now
 * @param coming packs that were asked for
 * @param cold packs for which nobody has asked
 * @param batches in how many parts packs come, one after the other; 0 where nothing has to come
 * @param speeds that can be chosen, the cheapest first
 * @param chosen the one that the order names, or the cheapest that is fast enough; null where none is, or nothing has to come
 * @param price what it costs; null where the policy does not say what a tier costs that takes part
 * @param limit what an order may cost that names no budget, as the policy says; null where it says nothing
 */
public record RecallPlan(
        String snapshot,
        Share readable,
        Share coming,
        Share cold,
        int batches,
        List<RecallSpeed> speeds,
        @Nullable RecallSpeed chosen,
        @Nullable RecallCost price,
        @Nullable Double limit) {

    public RecallPlan {
        speeds = List.copyOf(speeds);
    }

    /** Packs, and their bytes. */
    public record Share(long packs, long bytes) {

        static final Share NONE = new Share(0, 0);

        Share and(ObjectInfo pack) {
            return new Share(packs + 1, bytes + pack.length());
        }

        Share and(Share other) {
            return new Share(packs + other.packs, bytes + other.bytes);
        }
    }

    /** Whether a restore can begin at once. */
    public boolean isReady() {
        return waiting().packs() == 0;
    }

    /** What cannot be read yet. */
    public Share waiting() {
        return coming.and(cold);
    }

    /** As {@link #chosen}. */
    public Optional<RecallSpeed> speed() {
        return Optional.ofNullable(chosen);
    }

    /** As {@link #price}. */
    public Optional<RecallCost> cost() {
        return Optional.ofNullable(price);
    }

    /**
     * Why an order of it would be refused; empty where it would not.
     *
     * @param order with a deadline or a budget, or without
     */
    public Optional<Refusal> refusal(RecallOrder order) {
        if (isReady()) {
            return Optional.empty();
        }
        boolean isUnknown = speeds.stream().noneMatch(each -> order.speed() == null || each.speed() == order.speed());
        if (isUnknown) {
            return Optional.of(new Refusal(ErrorCode.USAGE, "the target knows no such speed of recall"));
        }
        Duration deadline = order.deadline();
        if (deadline != null && (chosen == null || !chosen.meets(deadline))) {
            return Optional.of(new Refusal(ErrorCode.RECALL_TOO_SLOW, tooSlow(deadline)));
        }
        boolean isOwn = order.budget() != null;
        Double budget = isOwn ? order.budget() : limit;
        // A limit of the policy keeps nobody from restoring what has no price.
        if (budget == null || price == null && !isOwn) {
            return Optional.empty();
        }
        if (price == null) {
            return Optional.of(new Refusal(
                    ErrorCode.RECALL_TOO_DEAR,
                    "what it costs is not known: the policy in force says no prices, or cannot be read"));
        }
        return price.total() <= budget
                ? Optional.empty()
                : Optional.of(new Refusal(
                        ErrorCode.RECALL_TOO_DEAR,
                        "it costs " + RecallPricing.money(price.total()) + ", and " + RecallPricing.money(budget)
                                + " may be spent" + (isOwn ? "" : " by the policy without a budget of your own")));
    }

    private String tooSlow(Duration deadline) {
        Optional<Duration> fastest =
                speeds.stream().flatMap(each -> each.longestWait().stream()).min(Duration::compareTo);
        return fastest.map(each -> each.compareTo(deadline) <= 0
                        ? "the speed that was asked for takes longer than " + deadline.toHours()
                                + " h; another does not"
                        : "what comes the fastest takes " + each.toMinutes() + " minutes at most, and not "
                                + deadline.toMinutes())
                .orElse("nobody says how long it takes, so that no deadline can be kept");
    }

    /**
     * Why something is not done.
     *
     * @param code of the failure
     * @param message for people
     */
    public record Refusal(ErrorCode code, String message) {}
}
