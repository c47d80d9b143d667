package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.health.Health;
import org.medbackup.core.spi.notify.Severity;

/** Two jobs, a finished run, a run that goes, and an incident; keeps the promises of the interface in memory. */
final class FakeControl implements BackupControl {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    static final String FINISHED = "4f1d0c9ab2e37758";
    static final String GOING = "77aa00bb11cc22dd";
    static final String INCIDENT = "0b2f6a1c9d8e4f73";

    private final Map<String, RunView> runs = new TreeMap<>(Comparator.reverseOrder());
    private final Map<String, Boolean> paused = new TreeMap<>(Map.of("nightly", false, "pacs", false));
    private final Map<String, String> keys = new HashMap<>();
    private int started;
    private @Nullable String acknowledgedBy;

    /** What has been called, with its actor. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    volatile Health health = Health.good();
    volatile Consumer<Duration> waiting = patience -> {};
    volatile @Nullable RuntimeException failure;

    FakeControl() {
        var unread = new RunFailure(ErrorCode.SOURCE_UNREADABLE, "A source could not be read: permission");
        put(new RunView(
                FINISHED,
                "nightly",
                RunState.INCOMPLETE,
                NOON,
                NOON,
                NOON.plusMillis(61_500),
                "c0ffee",
                2,
                "schedule",
                List.of(unread)));
        put(new RunView(GOING, "pacs", RunState.RUNNING, NOON, NOON, null, null, 1, "schedule", List.of()));
    }

    private void put(RunView run) {
        runs.put(run.id(), run);
    }

    private void called(String what, Actor actor) {
        calls.add(what + " by " + actor.name());
    }

    private synchronized void fail() {
        RuntimeException now = failure;
        if (now != null) {
            throw now;
        }
    }

    @Override
    public synchronized List<JobView> jobs() {
        fail();
        return paused.keySet().stream().map(this::job).toList();
    }

    @Override
    public synchronized JobView job(String name) {
        Boolean stopped = paused.get(name);
        if (stopped == null) {
            throw ErrorCode.JOB_NOT_CONFIGURED.because("no such job");
        }
        RunView last = runs.values().stream()
                .filter(run -> run.job().equals(name))
                .findFirst()
                .orElse(null);
        boolean known = name.equals("nightly");
        return new JobView(
                name,
                stopped,
                stopped ? null : NOON.plusSeconds(3600),
                last,
                new RpoView(Duration.ofHours(24), known ? Duration.ofMinutes(90) : null));
    }

    @Override
    public synchronized RunView startJob(String name, String idempotencyKey, Actor actor) {
        job(name);
        String known = keys.get(idempotencyKey);
        if (known != null) {
            RunView run = run(known);
            if (!run.job().equals(name)) {
                throw ErrorCode.CONTROL_CONFLICT.because("the key belongs to another job");
            }
            return run;
        }
        called("start " + name, actor);
        String id = "run-" + ++started;
        keys.put(idempotencyKey, id);
        put(new RunView(id, name, RunState.WAITING, NOON, null, null, null, 0, actor.name(), List.of()));
        return run(id);
    }

    @Override
    public synchronized JobView pause(String name, Actor actor) {
        return set(name, true, "pause ", actor);
    }

    @Override
    public synchronized JobView resume(String name, Actor actor) {
        return set(name, false, "resume ", actor);
    }

    private JobView set(String name, boolean stopped, String what, Actor actor) {
        job(name);
        called(what + name, actor);
        paused.put(name, stopped);
        return job(name);
    }

    @Override
    public synchronized RunView cancelJob(String name, Actor actor) {
        RunView last = job(name).last();
        if (last == null) {
            throw ErrorCode.CONTROL_CONFLICT.because("it does not run");
        }
        return cancelRun(last.id(), actor);
    }

    @Override
    public synchronized RunView cancelRun(String id, Actor actor) {
        RunView run = run(id);
        if (!run.state().isOpen()) {
            throw ErrorCode.CONTROL_CONFLICT.because("the run is over");
        }
        called("cancel " + id, actor);
        put(new RunView(
                id,
                run.job(),
                RunState.CANCELLING,
                run.created(),
                run.started(),
                null,
                null,
                run.attempts(),
                run.by(),
                run.errors()));
        return run(id);
    }

    @Override
    public synchronized RunPage runs(RunQuery query) {
        List<RunView> wanted = runs.values().stream()
                .filter(run -> query.job() == null || run.job().equals(query.job()))
                .filter(run -> query.state() == null || run.state() == query.state())
                .toList();
        int from = 0;
        if (query.cursor() != null) {
            from = wanted.stream().map(RunView::id).toList().indexOf(query.cursor()) + 1;
        }
        int to = Math.min(wanted.size(), from + query.limit());
        return new RunPage(
                wanted.subList(from, to),
                to < wanted.size() ? wanted.get(to - 1).id() : null);
    }

    @Override
    public synchronized RunView run(String id) {
        RunView run = runs.get(id);
        if (run == null) {
            throw ErrorCode.RUN_NOT_FOUND.because("no such run");
        }
        return run;
    }

    @Override
    public ProgressBatch events(String run, long fromSeq, Duration patience) {
        boolean over = !run.equals(GOING);
        List<RunProgress> events = new ArrayList<>();
        for (long seq = fromSeq; seq <= 5 && events.size() < 2; seq++) {
            events.add(progress(seq));
        }
        if (events.isEmpty()) {
            waiting.accept(patience);
        }
        return new ProgressBatch(events, over && fromSeq + events.size() > 5);
    }

    static RunProgress progress(long seq) {
        boolean first = seq == 1;
        return new RunProgress(
                seq,
                NOON.plusSeconds(seq),
                RunState.RUNNING,
                "scan",
                seq * 10,
                seq * 1000,
                first ? -1 : 50,
                first ? -1 : 5000,
                first ? -1 : 1000.5,
                first ? null : Duration.ofMillis(2500),
                first ? null : Duration.ofSeconds(4),
                0,
                first ? null : "0af7651916cd43dd8448eb211c80319c");
    }

    @Override
    public synchronized List<IncidentView> incidents() {
        return List.of(incident());
    }

    private IncidentView incident() {
        return new IncidentView(
                INCIDENT,
                Severity.ERROR,
                NOON,
                "STORE_UNAVAILABLE",
                "vault",
                List.of("nightly", "pacs"),
                ErrorCode.STORE_UNAVAILABLE.remedy(),
                acknowledgedBy == null ? IncidentView.State.OPEN : IncidentView.State.ACKNOWLEDGED,
                acknowledgedBy,
                acknowledgedBy == null ? null : NOON.plusSeconds(7200));
    }

    static final String APPROVAL = "0b2f6a1c9d8e4f730b2f6a1c9d8e4f73";

    private static ApprovalView approval(String state, List<String> approvers) {
        return new ApprovalView(
                APPROVAL,
                "forget",
                new TreeMap<>(Map.of("snapshots", "c0ffee")),
                "anna",
                "ticket 4711",
                state,
                2,
                approvers,
                NOON,
                NOON.plusSeconds(86_400),
                "{\"id\":\"" + APPROVAL + "\"}");
    }

    @Override
    public List<ApprovalView> approvals() {
        return List.of(approval("PENDING", List.of()));
    }

    @Override
    public synchronized ApprovalView sign(String id, String key, String signature, Actor actor) {
        if (!id.equals(APPROVAL)) {
            throw ErrorCode.APPROVAL_NOT_FOUND.because("none begins so");
        }
        if (!key.equals("00112233445566aa")) {
            throw ErrorCode.APPROVAL_REFUSED.because("the key belongs to nobody in the rules");
        }
        called("sign", actor);
        return approval("PENDING", List.of("bert"));
    }

    @Override
    public synchronized IncidentView acknowledge(String id, Duration until, String note, Actor actor) {
        if (!id.equals(INCIDENT)) {
            throw ErrorCode.INCIDENT_NOT_FOUND.because("no such incident");
        }
        called("acknowledge for " + until + ": " + note, actor);
        acknowledgedBy = actor.name();
        return incident();
    }

    @Override
    public ForecastView forecast(Instant until) {
        return new ForecastView(
                until,
                List.of(
                        new ForecastView.JobForecast("nightly", NOON, Duration.ofMinutes(20), null),
                        new ForecastView.JobForecast("pacs", null, null, until)));
    }

    @Override
    public List<ObjectView> objects() {
        return List.of(
                new ObjectView("ehr", "nightly", NOON, NOON, 1, new RpoView(Duration.ofHours(1), Duration.ofHours(2))),
                new ObjectView("pacs", null, null, null, 0, new RpoView(null, null)));
    }

    @Override
    public List<RestorePointView> restorePoints(String job, int most) {
        job(job);
        var verified = new RestorePointView.Verified(NOON.plusSeconds(60), "CONTENT", true);
        var newest = new RestorePointView(
                "a".repeat(32),
                NOON,
                RestorePointView.Kind.COMPLETE,
                List.of(new RestorePointView.Place("repository", verified), new RestorePointView.Place("vault", null)));
        var before = new RestorePointView(
                "b".repeat(32),
                NOON.minusSeconds(900),
                RestorePointView.Kind.INCOMPLETE,
                List.of(new RestorePointView.Place("repository", null)));
        return List.of(newest, before).subList(0, Math.min(2, most));
    }

    @Override
    public Health health() {
        return health;
    }
}
