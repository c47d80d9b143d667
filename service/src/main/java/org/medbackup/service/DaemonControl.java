package org.medbackup.service;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.Approval;
import org.medbackup.access.ApprovalRequest;
import org.medbackup.control.ApprovalView;
import org.medbackup.control.BackupControl;
import org.medbackup.control.ForecastView;
import org.medbackup.control.IncidentView;
import org.medbackup.control.JobView;
import org.medbackup.control.ObjectView;
import org.medbackup.control.ProgressBatch;
import org.medbackup.control.RestorePointView;
import org.medbackup.control.RpoView;
import org.medbackup.control.RunFailure;
import org.medbackup.control.RunPage;
import org.medbackup.control.RunQuery;
import org.medbackup.control.RunState;
import org.medbackup.control.RunView;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Actor;
import org.medbackup.core.health.Health;
import org.medbackup.core.spi.store.CopyLedger;
import org.medbackup.resilience.escalation.Acknowledgement;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.scheduler.Forecast;
import org.medbackup.scheduler.Scheduler;
import org.medbackup.scheduler.state.AskedRun;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.scheduler.state.RunRecord;

/** What management tools may ask and tell a daemon, in the words of the scheduler and of incidents. */
final class DaemonControl implements BackupControl {

    /** Runs of each job that a list goes back. */
    private static final int HISTORY = 500;

    private final Scheduler scheduler;
    private final Incidents incidents;
    private final RunLogs logs;
    private final Map<String, JobResult> results;
    private final Supplier<List<CopyLedger.Missing>> missing;
    private final Supplier<Health> health;
    private final AccessOperations access;

    DaemonControl(
            Scheduler scheduler,
            Incidents incidents,
            RunLogs logs,
            Map<String, JobResult> results,
            Supplier<List<CopyLedger.Missing>> missing,
            Supplier<Health> health,
            AccessOperations access) {
        this.access = access;
        this.scheduler = scheduler;
        this.incidents = incidents;
        this.logs = logs;
        this.results = results;
        this.missing = missing;
        this.health = health;
    }

    @Override
    public List<JobView> jobs() {
        return scheduler.list().stream().map(this::view).toList();
    }

    @Override
    public List<ApprovalView> approvals() {
        return access.list().stream().map(DaemonControl::view).toList();
    }

    @Override
    public ApprovalView sign(String id, String key, String signature, Actor actor) {
        return view(access.signed(id, new Approval.Signature(key, signature)));
    }

    private static ApprovalView view(AccessOperations.Requested requested) {
        ApprovalRequest request = requested.approval().request();
        return new ApprovalView(
                request.id(),
                request.operation(),
                request.parameters(),
                request.requester(),
                request.reason(),
                requested.state(),
                requested.quorum(),
                requested.approvers(),
                request.notBefore(),
                request.expires(),
                request.text());
    }

    @Override
    public JobView job(String name) {
        return view(scheduler.status(name));
    }

    private JobView view(org.medbackup.scheduler.JobView job) {
        RunView last = scheduler.runs(job.name(), 1).stream()
                .findFirst()
                .map(this::view)
                .orElse(null);
        return new JobView(job.name(), job.paused(), job.next(), last, rpo(job));
    }

    private static RpoView rpo(org.medbackup.scheduler.JobView job) {
        return new RpoView(job.rpo(), job.lastGood() == null ? null : job.age());
    }

    private RunView view(RunRecord run) {
        JobResult result = results.get(run.id());
        String code = run.failure();
        List<RunFailure> errors = new ArrayList<>();
        if (result != null) {
            result.troubles()
                    .forEach(each -> errors.add(
                            new RunFailure(each.cause().code(), each.failure().title())));
        } else if (code != null) {
            errors.add(new RunFailure(
                    ErrorCode.valueOf(code), ErrorCode.valueOf(code).title()));
        }
        return new RunView(
                run.id(),
                run.job(),
                state(run),
                run.due(),
                run.begun(),
                run.ended(),
                run.snapshots().stream().findFirst().orElse(null),
                Math.max(1, run.attempts()),
                run.worker() == null ? "scheduler" : run.worker(),
                errors);
    }

    private static RunState state(RunRecord run) {
        return switch (run.state()) {
            case PENDING -> run.cancelRequested() ? RunState.CANCELLING : RunState.WAITING;
            case RUNNING -> run.cancelRequested() ? RunState.CANCELLING : RunState.RUNNING;
            case SUCCEEDED -> RunState.SUCCEEDED;
            case DEGRADED -> RunState.DEGRADED;
            case INCOMPLETE -> RunState.INCOMPLETE;
            case FAILED -> RunState.FAILED;
            case REFUSED -> RunState.REFUSED;
            case CANCELLED -> RunState.CANCELLED;
        };
    }

    @Override
    public RunView startJob(String name, String idempotencyKey, Actor actor) {
        AskedRun asked = scheduler
                .startNow(name, idempotencyKey)
                .orElseThrow(() -> ErrorCode.CONTROL_CONFLICT.because("a run of the job waits or goes already"));
        if (!asked.job().equals(name)) {
            throw ErrorCode.CONTROL_CONFLICT.because("the key was used for another job");
        }
        return run(asked.run());
    }

    @Override
    public JobView pause(String name, Actor actor) {
        scheduler.pause(name);
        return job(name);
    }

    @Override
    public JobView resume(String name, Actor actor) {
        scheduler.resume(name);
        return job(name);
    }

    @Override
    public RunView cancelJob(String name, Actor actor) {
        RunRecord open = scheduler.status(name).open();
        if (open == null) {
            throw ErrorCode.CONTROL_CONFLICT.because("no run of the job waits or goes");
        }
        scheduler.cancel(name);
        return run(open.id());
    }

    @Override
    public RunView cancelRun(String id, Actor actor) {
        RunView run = run(id);
        if (!run.state().isOpen()) {
            throw ErrorCode.CONTROL_CONFLICT.because("the run is over");
        }
        scheduler.cancel(run.job());
        return run(id);
    }

    @Override
    public RunPage runs(RunQuery query) {
        List<RunView> all = all(query.job()).stream()
                .filter(each -> query.state() == null || each.state() == query.state())
                .toList();
        int from = 0;
        String cursor = query.cursor();
        if (cursor != null) {
            List<String> ids = all.stream().map(RunView::id).toList();
            from = ids.indexOf(cursor) + 1;
            if (from == 0) {
                throw ErrorCode.CONTROL_REQUEST_INVALID.because("the cursor is not one of these runs");
            }
        }
        List<RunView> page = all.subList(from, Math.min(all.size(), from + query.limit()));
        boolean more = from + page.size() < all.size();
        return new RunPage(page, more ? page.getLast().id() : null);
    }

    private List<RunView> all(@Nullable String job) {
        List<String> jobs = job == null
                ? scheduler.list().stream()
                        .map(org.medbackup.scheduler.JobView::name)
                        .toList()
                : List.of(job);
        return jobs.stream()
                .flatMap(each -> scheduler.runs(each, HISTORY).stream())
                .map(this::view)
                .sorted(Comparator.comparing(RunView::created).reversed().thenComparing(RunView::id))
                .toList();
    }

    @Override
    public RunView run(String id) {
        return scheduler
                .run(id)
                .map(this::view)
                .orElseThrow(() -> ErrorCode.RUN_NOT_FOUND.because("none of its jobs has it"));
    }

    @Override
    public ProgressBatch events(String run, long fromSeq, Duration patience) {
        RunView known = run(run);
        ProgressBatch batch = logs.read(run, fromSeq, patience);
        // What runs on another worker, or has not begun, is not over because nothing is known of it here.
        return batch.events().isEmpty() && known.state().isOpen() ? new ProgressBatch(List.of(), false) : batch;
    }

    @Override
    public List<IncidentView> incidents() {
        return incidents.with(escalation ->
                escalation.incidents().stream().map(DaemonControl::view).toList());
    }

    private static IncidentView view(Incident incident) {
        Acknowledgement acknowledged = incident.acknowledged();
        return new IncidentView(
                incident.id(),
                incident.severity(),
                incident.since(),
                incident.cause().failure(),
                incident.cause().resource(),
                incident.jobs(),
                incident.description().remedy(),
                IncidentView.State.valueOf(incident.state().name()),
                acknowledged == null ? null : acknowledged.by(),
                acknowledged == null ? null : acknowledged.until());
    }

    @Override
    public IncidentView acknowledge(String id, Duration until, String note, Actor actor) {
        // Whether the caller may was decided with the call itself.
        return view(new IncidentOperations(incidents, actor.name(), () -> {}).acknowledge(id, note, until));
    }

    @Override
    public ForecastView forecast(Instant until) {
        Forecast forecast = scheduler.forecast(until);
        var jobs = new TreeMap<String, ForecastView.JobForecast>();
        for (org.medbackup.scheduler.JobView job : scheduler.list()) {
            Optional<Forecast.Planned> next = forecast.runs().stream()
                    .filter(each -> each.job().equals(job.name()))
                    .findFirst();
            Instant breach = forecast.breaches().stream()
                    .filter(each -> each.job().equals(job.name()))
                    .map(Forecast.Breach::deadline)
                    .findFirst()
                    .orElse(null);
            jobs.put(
                    job.name(),
                    new ForecastView.JobForecast(
                            job.name(),
                            next.map(Forecast.Planned::begin).orElse(null),
                            next.map(each -> Duration.between(each.begin(), each.end()))
                                    .orElse(null),
                            breach));
        }
        return new ForecastView(until, List.copyOf(jobs.values()));
    }

    @Override
    public List<ObjectView> objects() {
        Catalogue catalogue = scheduler.catalogue();
        Map<String, Instant> proven = catalogue.lastProven();
        Map<String, Integer> copies = new HashMap<>();
        for (CopyLedger.Missing each : missing.get()) {
            catalogue.objectOf(each.snapshot()).ifPresent(job -> copies.merge(job, 1, Integer::sum));
        }
        return scheduler.list().stream()
                .map(job -> new ObjectView(
                        job.name(),
                        job.name(),
                        job.lastGood(),
                        proven.get(job.name()),
                        copies.getOrDefault(job.name(), 0),
                        rpo(job)))
                .toList();
    }

    @Override
    public List<RestorePointView> restorePoints(String job, int most) {
        scheduler.status(job);
        return CatalogueOperations.bySnapshot(scheduler.catalogue().points(job)).values().stream()
                .limit(most)
                .map(DaemonControl::view)
                .toList();
    }

    private static RestorePointView view(List<CataloguedPoint> places) {
        CataloguedPoint any = places.getFirst();
        return new RestorePointView(
                any.snapshot(),
                any.point(),
                RestorePointView.Kind.valueOf(any.kind().name()),
                places.stream().map(DaemonControl::place).toList());
    }

    private static RestorePointView.Place place(CataloguedPoint point) {
        CataloguedPoint.Proof proof = point.proof();
        return new RestorePointView.Place(
                CopyLedger.shown(point.target()),
                proof == null ? null : new RestorePointView.Verified(proof.at(), proof.level(), proof.whole()));
    }

    @Override
    public Health health() {
        return health.get();
    }
}
