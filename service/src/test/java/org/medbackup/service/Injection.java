package org.medbackup.service;

import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.resilience.Area;
import org.medbackup.resilience.Expectation;
import org.medbackup.resilience.Failure;
import org.medbackup.resilience.Nature;
import org.medbackup.resilience.Sign;
import org.medbackup.testkit.FaultyStore;

/**
 * A failure of the catalogue that is put in the way of a job: from a call on, or a phase, that is drawn at random, until it
 * passes by itself or somebody mends it. It remembers when it was first met and when the next try came.
 */
final class Injection implements SimulatedSite.Trouble {

    /** Values that fit patterns which are more than a list of words. */
    private static final Map<String, String> SAMPLES =
            Map.of("4[0-9]{2}", "405", "[0-9]+", "507", "SSL.*Exception", "SSLHandshakeException");

    private final Failure failure;
    private final SimulatedTime time;
    private final Sign sign;
    private final int from;
    private final @Nullable Duration lasts;
    private final Map<String, String> told;
    private int seen;
    private long met = -1;
    private long next = -1;
    private int times;
    private boolean mended;

    /**
     * Draws when it begins and for how long it lasts.
     *
     * @param calls how many calls or phases a run without trouble makes
     */
    Injection(Failure failure, SimulatedTime time, RandomGenerator random, int calls) {
        this.failure = failure;
        this.time = time;
        this.sign = failure.signs().get(random.nextInt(failure.signs().size()));
        int drawn = random.nextInt(isOfFewCalls(sign) ? 2 : Math.max(1, calls));
        this.from = isThereFromTheBeginning(failure) ? 0 : drawn;
        this.lasts = passes(failure.nature())
                ? Duration.ofMillis((long) (1000 * Math.pow(1200, random.nextDouble())))
                : null;
        this.told = failure.nature() == Nature.LIMIT && random.nextBoolean()
                ? Map.of("retryAfter", Integer.toString(random.nextInt(1, 120)))
                : Map.of();
    }

    /** Whether time mends it: those that stay are mended by a person, or never. */
    static boolean passes(Nature nature) {
        return nature == Nature.TRANSIENT || nature == Nature.LIMIT;
    }

    /** Whether it is met at a target, and not in an application. */
    static boolean isOfTargets(Failure failure) {
        return failure.signs().stream().noneMatch(sign -> isOfApplications(failure, sign));
    }

    /** What somebody wrote, took away or filled up before the run does not begin in the middle of it. */
    private static boolean isThereFromTheBeginning(Failure failure) {
        return failure.nature() == Nature.PERMANENT
                || failure.ends() == Expectation.PERSON && failure.nature() != Nature.INTEGRITY;
    }

    private static boolean isOfFewCalls(Sign sign) {
        return sign.code() == ErrorCode.NO_SPACE || sign.code() == ErrorCode.OBJECT_DAMAGED;
    }

    private boolean isOfApplications() {
        return isOfApplications(failure, sign);
    }

    private static boolean isOfApplications(Failure failure, Sign sign) {
        return failure.area() == Area.APPLICATION
                || sign.code() == ErrorCode.WATCHDOG_UNAVAILABLE
                || sign.code() == ErrorCode.APPLICATION_PROGRAM_MISSING;
    }

    /** The job in whose way it is. */
    String job() {
        return isOfApplications() ? "clinic" : "records";
    }

    @Override
    public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
        boolean concerned = switch (sign.code()) {
            case NO_SPACE -> call == FaultyStore.Call.PUT;
            case OBJECT_DAMAGED ->
                sign.stage().isEmpty()
                        ? call == FaultyStore.Call.READ && name.startsWith("d/")
                        : call == FaultyStore.Call.PUT;
            default -> true;
        };
        if (!isOfApplications() && target.equals("repository") && concerned) {
            meet();
        }
        return FaultyStore.Fault.NONE;
    }

    @Override
    public void phase(String phase) {
        if (isOfApplications() && !phase.equals("after")) {
            meet();
        }
    }

    private void meet() {
        // At the same instant others may ask who have not failed yet.
        if (met >= 0 && next < 0 && time.nanos() > met) {
            next = time.nanos();
        }
        boolean begun = met >= 0 || seen++ >= from;
        if (!begun || mended || isOver()) {
            return;
        }
        if (met < 0) {
            met = time.nanos();
        }
        times++;
        throw exception();
    }

    private boolean isOver() {
        if (met < 0) {
            return false;
        }
        return lasts != null
                ? time.nanos() - met >= lasts.toNanos()
                // What is no longer as it was taken to be, or was changed on its way, is not so for whoever tries
                // again.
                : failure.ends() == Expectation.AUTOMATIC && times >= 2;
    }

    private BackupException exception() {
        BackupException exception = sign.code().because("simulated");
        sign.context().forEach((key, pattern) -> exception.with(key, sample(pattern)));
        told.forEach(exception::with);
        return exception;
    }

    private static String sample(Pattern pattern) {
        String text = SAMPLES.getOrDefault(
                pattern.pattern(), pattern.pattern().split("\\|")[0].replace(".*", ""));
        if (!pattern.matcher(text).matches()) {
            throw new IllegalStateException("no sample for " + pattern);
        }
        return text;
    }

    /** Somebody mends it. */
    void mend() {
        mended = true;
    }

    /** Whether anything met it. */
    boolean wasMet() {
        return met >= 0;
    }

    /** How long after it was first met something was tried again; null where nothing was. */
    @Nullable
    Duration firstRetry() {
        return next < 0 ? null : Duration.ofNanos(next - met);
    }

    /** Whether the other side said for how long it wants to be left alone. */
    boolean saidHowLong() {
        return !told.isEmpty();
    }
}
