package org.medbackup.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.medbackup.scheduler.JobView;
import org.medbackup.scheduler.RpoMonitor;
import org.medbackup.scheduler.state.RunRecord;

/** How the schedule is shown. */
final class JobAnswer {

    private JobAnswer() {}

    static Answer of(List<JobView> jobs) {
        var answer =
                new Answer().field("jobs", jobs.stream().map(JobAnswer::members).toList());
        if (jobs.isEmpty()) {
            return answer.line("no job runs by itself; give one a schedule or an rpo in the configuration");
        }
        jobs.forEach(each -> answer.line(line(each)));
        return answer;
    }

    private static Map<String, Object> members(JobView job) {
        var last = new LinkedHashMap<String, Object>();
        last.put("state", job.lastState() == null ? Answer.NONE : job.lastState());
        last.put("ended", text(job.lastEnded()));
        last.put("good", text(job.lastGood()));
        var rpo = new LinkedHashMap<String, Object>();
        rpo.put("target", seconds(job.rpo()));
        rpo.put("actual", job.lastGood() == null ? Answer.NONE : seconds(job.age()));
        rpo.put("met", isMet(job));
        var members = new LinkedHashMap<String, Object>();
        members.put("name", job.name());
        members.put("next", text(job.next()));
        members.put("paused", job.paused());
        members.put("waiting", job.waiting() == null ? Answer.NONE : job.waiting());
        members.put("waitingOn", job.waitingOn() == null ? Answer.NONE : job.waitingOn());
        RunRecord open = job.open();
        members.put("run", open == null ? Answer.NONE : open.id());
        members.put("runState", open == null ? Answer.NONE : open.state());
        members.put("last", last);
        members.put("rpo", rpo);
        return members;
    }

    private static boolean isMet(JobView job) {
        return job.level() == null
                || job.level() == RpoMonitor.Level.MET
                || job.level() == RpoMonitor.Level.AT_RISK && job.lastGood() != null;
    }

    private static Object text(@Nullable Instant instant) {
        return instant == null ? Answer.NONE : instant.toString();
    }

    private static Object seconds(@Nullable Duration duration) {
        return duration == null ? Answer.NONE : BackupAnswer.seconds(duration);
    }

    private static String line(JobView job) {
        String next = job.paused()
                ? "paused"
                : job.open() != null
                        ? job.open().state().name().toLowerCase(java.util.Locale.ROOT)
                        : job.next() == null ? "no next time" : "next " + job.next();
        String waits = job.waiting() == null
                ? ""
                : " (" + job.waiting() + (job.waitingOn() == null ? "" : " " + job.waitingOn()) + ")";
        String last = job.lastState() == null ? "never ran" : "last " + job.lastState() + " at " + job.lastEnded();
        String rpo = job.rpo() == null ? "" : ", RPO " + job.rpo().toMinutes() + " min " + job.level();
        return job.name() + ": " + next + waits + ", " + last + rpo;
    }
}
