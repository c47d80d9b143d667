package org.medbackup.resilience.escalation;

/** That something works which may have failed before. Nothing else ends an incident. */
public sealed interface Proof {

    /**
     * A job ended well: whatever held it up at the resource is over for this job.
     *
     * @param resource name of what it used
     * @param job its name
     */
    record JobSucceeded(String resource, String job) implements Proof {

        public JobSucceeded {
            resource = Wording.name(resource);
            job = Wording.name(job);
        }
    }

    /**
     * The resource itself was seen to do what it failed to do: the cause is gone for all jobs.
     *
     * @param cause that is gone
     */
    record ResourceWorks(Cause cause) implements Proof {}
}
