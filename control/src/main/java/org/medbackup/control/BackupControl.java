package org.medbackup.control;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.event.Actor;
import org.medbackup.core.health.Health;

/**
 * What a management tool may ask and tell. The HTTP API ({@link ControlServer}) shows these calls and no others.
 *
 * <p>Names are those of the configuration; no value holds a path, a secret or patient data. Safe for use by several threads.
 * Each call fails with a {@link BackupException}: {@code JOB_NOT_CONFIGURED}, {@code RUN_NOT_FOUND},
 * {@code INCIDENT_NOT_FOUND} where there is no such thing, {@code CONTROL_CONFLICT} where the call does not fit the state of
 * what it is about, {@code CONTROL_REQUEST_INVALID} for a cursor that is not its own.
 */
public interface BackupControl {

    /** The schedule as it stands, by name. */
    List<JobView> jobs();

    /** One job. */
    JobView job(String name);

    /**
     * Starts a job now.
     *
     * @param idempotencyKey of the caller: the same key for the same job gives the same run, also when it is over; the same
     *     key for another job is a conflict
     * @return the run, which waits or goes already
     */
    RunView startJob(String name, String idempotencyKey, Actor actor);

    /** No run begins by itself from now on. Done already is no conflict. */
    JobView pause(String name, Actor actor);

    /** Runs begin by themselves again. Done already is no conflict. */
    JobView resume(String name, Actor actor);

    /** Ends the run of a job; a conflict where none goes. Returns at once; the run ends in its own time. */
    RunView cancelJob(String name, Actor actor);

    /** Ends a run; a conflict where it is over. Returns at once; the run ends in its own time. */
    RunView cancelRun(String id, Actor actor);

    /** A page of the runs, the newest first. */
    RunPage runs(RunQuery query);

    /** One run. */
    RunView run(String id);

    /**
     * How a run got on, from a place in its log. The numbers have no gap, so that who comes back goes on where it was.
     *
     * @param fromSeq first number that is wanted, from 1
     * @param patience how long to wait for the first one; none for not at all
     */
    ProgressBatch events(String run, long fromSeq, Duration patience);

    /** What waits for a person: incidents that are not over, the most urgent first. */
    List<IncidentView> incidents();

    /**
     * Somebody takes care of an incident.
     *
     * @param until for how long nobody else is asked; shortened where the rules of escalation allow less
     * @param note of the actor, without patient data
     */
    IncidentView acknowledge(String id, Duration until, String note, Actor actor);

    /** What was requested and others have to approve, the newest first; nothing where there are no rules of access. */
    List<ApprovalView> approvals();

    /**
     * An approver signs a request. The signature proves who it is; the caller only brings it.
     *
     * @param key id of the approver's key
     * @param signature of Ed25519 in base64
     * @throws BackupException with {@code APPROVAL_NOT_FOUND} or {@code APPROVAL_REFUSED}
     */
    ApprovalView sign(String id, String key, String signature, Actor actor);

    /** Whether all that is protected will stay within its RPO until then. */
    ForecastView forecast(Instant until);

    /** What is protected, and how well, by name. */
    List<ObjectView> objects();

    /**
     * The restore points of a job, the newest first, as the catalogue knows them: no target is asked.
     *
     * @param job its name
     * @param most how many at most
     */
    List<RestorePointView> restorePoints(String job, int most);

    /** How the program itself is doing. Answers at once. */
    Health health();
}
