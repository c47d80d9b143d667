package org.medbackup.app.mongodb;

import java.time.Duration;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.ErrorCode;

/**
 * Stops a sharded cluster's balancer for the time of a backup, and brings back what was before. What was before is written
 * into the cluster itself first: whoever comes after a crash finds it there (MongoDB manual, "balancerStop",
 * "balancerStatus", "balancerStart").
 *
 * @param router of the cluster
 */
record Balancer(Server router, TimeSource time) {

    private static final String DATABASE = "admin";
    private static final String COLLECTION = "medbackup.state";
    private static final String ID = "balancer";
    private static final Duration PAUSE = Duration.ofMillis(500);

    private Document status(Deadline deadline) {
        return router.admin("balancer", deadline, new Document("balancerStatus", 1));
    }

    boolean isRunning(Deadline deadline) {
        return !"off".equals(status(deadline).getString("mode"));
    }

    /** Stops it and waits until no migration is under way. */
    void stop(String run, Deadline deadline) {
        if (remembered(deadline) == null) {
            remember(run, isRunning(deadline), deadline);
        }
        long millis = Math.max(1, deadline.remaining().toMillis());
        router.admin("balancer", deadline, new Document("balancerStop", 1).append("maxTimeMS", millis));
        while (status(deadline).getBoolean("inBalancerRound", false)) {
            deadline.check("balancer");
            time.sleep(PAUSE);
        }
        requireStopped(deadline);
    }

    /** Somebody else may have started it again. */
    void requireStopped(Deadline deadline) {
        if (isRunning(deadline)) {
            throw ErrorCode.APPLICATION_STATE_LOST.because("the balancer runs although it was stopped for the backup");
        }
    }

    /** Brings back what was before, also before a crash. Idempotent. */
    void restore(Deadline deadline) {
        Document before = remembered(deadline);
        if (before == null) {
            return;
        }
        if (before.getBoolean("running", false)) {
            router.admin("balancer", deadline, new Document("balancerStart", 1));
        }
        var delete = new Document("q", new Document("_id", ID)).append("limit", 1);
        router.command(
                DATABASE,
                "balancer",
                deadline,
                durable(new Document("delete", COLLECTION).append("deletes", List.of(delete))));
    }

    private @Nullable Document remembered(Deadline deadline) {
        var find = new Document("find", COLLECTION)
                .append("filter", new Document("_id", ID))
                .append("limit", 1)
                .append("singleBatch", true);
        List<Document> found = router.find(DATABASE, "balancer", deadline, find);
        return found.isEmpty() ? null : found.getFirst();
    }

    private void remember(String run, boolean running, Deadline deadline) {
        var update = new Document("q", new Document("_id", ID))
                .append("u", new Document("_id", ID).append("run", run).append("running", running))
                .append("upsert", true);
        router.command(
                DATABASE,
                "balancer",
                deadline,
                durable(new Document("update", COLLECTION).append("updates", List.of(update))));
    }

    private static Document durable(Document command) {
        return command.append("writeConcern", new Document("w", "majority").append("j", true));
    }
}
