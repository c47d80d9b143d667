package org.medbackup.resilience.escalation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.notify.Severity;

/**
 * Something that keeps jobs from their work, from the first failure to the proof that it is over. Immutable.
 *
 * @param id that of its cause, the same for all incidents of it: 16 hexadecimal digits
 * @param cause of it
 * @param severity how much somebody is needed; only rises while it is open
 * @param state what has become of it
 * @param members who failed because of it since it began, sorted by job
 * @param since when it began
 * @param lastSeen when a failure was last reported
 * @param reports how many failures were reported
 * @param description as it was last reported
 * @param acknowledged who takes care of it; null where nobody does
 * @param mended when the last of what failed was proven to work; null while something fails. Open nevertheless where it
 *     came and went too often
 * @param changes the last times at which it began, went away or came back
 */
public record Incident(
        String id,
        Cause cause,
        Severity severity,
        State state,
        List<Member> members,
        Instant since,
        Instant lastSeen,
        int reports,
        Description description,
        @Nullable Acknowledgement acknowledged,
        @Nullable Instant mended,
        List<Instant> changes) {

    public Incident {
        members = members.stream().sorted(Comparator.comparing(Member::job)).toList();
        changes = List.copyOf(changes);
        if ((state == State.ACKNOWLEDGED) != (acknowledged != null)) {
            throw new IllegalArgumentException("acknowledged is what somebody has acknowledged");
        }
        if (state == State.RESOLVED && mended == null) {
            throw new IllegalArgumentException("nothing is over without a proof");
        }
    }

    /** What has become of an incident. */
    public enum State {
        /** Somebody is needed. */
        OPEN,
        /** Somebody takes care of it. */
        ACKNOWLEDGED,
        /** It is over. */
        RESOLVED
    }

    /** Whether it is not over. */
    public boolean isOpen() {
        return state != State.RESOLVED;
    }

    /** Names of the jobs that it holds up now; of an incident that is over, those that it held up. Sorted. */
    public List<String> jobs() {
        return members.stream()
                .filter(member -> mended != null || !member.mended())
                .map(Member::job)
                .filter(job -> !job.isEmpty())
                .toList();
    }

    /** Until when all that it holds up stays within its RPO; null where that is not at risk or not known. */
    public @Nullable Instant protectedUntil() {
        return members.stream()
                .filter(member -> !member.mended())
                .map(Member::protectedUntil)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    static Incident begin(FailureReport report, Instant now) {
        return new Incident(
                report.cause().id(),
                report.cause(),
                report.severity(),
                State.OPEN,
                List.of(new Member(report.job(), report.protectedUntil(), false)),
                now,
                now,
                1,
                report.description(),
                null,
                null,
                List.of(now));
    }

    /** One failure more, which may open it again. */
    Incident failedAgain(FailureReport report, Instant now, int kept) {
        boolean worse = report.severity().compareTo(severity) > 0;
        // What becomes worse is not what somebody has acknowledged.
        Acknowledgement stillTaken = worse ? null : acknowledged;
        return new Incident(
                id,
                cause,
                worse ? report.severity() : severity,
                stillTaken == null ? State.OPEN : State.ACKNOWLEDGED,
                with(new Member(report.job(), report.protectedUntil(), false)),
                since,
                now,
                reports + 1,
                report.description(),
                stillTaken,
                null,
                mended == null ? changes : andChange(now, kept));
    }

    private List<Member> with(Member member) {
        List<Member> all = new ArrayList<>(members);
        all.removeIf(each -> each.job().equals(member.job()));
        all.add(member);
        return all;
    }

    private List<Instant> andChange(Instant now, int kept) {
        List<Instant> all = new ArrayList<>(changes);
        all.add(now);
        return all.subList(Math.max(0, all.size() - kept), all.size());
    }

    /** Whether a job, or the resource itself by the empty name, fails now. */
    boolean fails(String job) {
        return members.stream()
                .anyMatch(member -> !member.mended() && member.job().equals(job));
    }

    Incident mendedFor(String job, Instant now, int kept) {
        return with(
                members.stream()
                        .map(member -> member.job().equals(job) ? member.nowMended() : member)
                        .toList(),
                now,
                kept);
    }

    Incident mendedForAll(Instant now, int kept) {
        return with(members.stream().map(Member::nowMended).toList(), now, kept);
    }

    private Incident with(List<Member> others, Instant now, int kept) {
        boolean whole = mended == null && others.stream().allMatch(Member::mended);
        return new Incident(
                id,
                cause,
                severity,
                state,
                others,
                since,
                lastSeen,
                reports,
                description,
                acknowledged,
                whole ? now : mended,
                whole ? andChange(now, kept) : changes);
    }

    Incident resolved() {
        return in(State.RESOLVED, severity, null);
    }

    Incident acknowledgedBy(Acknowledgement acknowledgement) {
        return in(State.ACKNOWLEDGED, severity, acknowledgement);
    }

    Incident acknowledgedNoMore() {
        return in(State.OPEN, severity, null);
    }

    Incident raisedTo(Severity higher) {
        return in(state, higher, acknowledged);
    }

    /** The same by a clock that may have been set back. */
    Incident notAfter(Instant now) {
        boolean ahead = changes.stream().anyMatch(at -> at.isAfter(now))
                || (acknowledged != null && acknowledged.at().isAfter(now));
        if (!ahead) {
            return this;
        }
        return new Incident(
                id,
                cause,
                severity,
                state,
                members,
                since,
                lastSeen,
                reports,
                description,
                acknowledged == null ? null : acknowledged.notAfter(now),
                mended == null ? null : Alarm.notAfter(mended, now),
                changes.stream().map(at -> Alarm.notAfter(at, now)).toList());
    }

    private Incident in(State other, Severity urgent, @Nullable Acknowledgement acknowledgement) {
        return new Incident(
                id,
                cause,
                urgent,
                other,
                members,
                since,
                lastSeen,
                reports,
                description,
                acknowledgement,
                mended,
                changes);
    }
}
