package org.medbackup.app.mongodb;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.medbackup.core.Deadline;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * What one member says of itself (MongoDB manual, "hello", "buildInfo", "getCmdLineOpts", "replSetGetStatus",
 * "replSetGetRBID").
 *
 * @param version of the server
 * @param offersCursor whether this edition has backup cursors
 * @param set name of its replica set; empty for a member of none
 * @param identity of the replica set, or of the process for a member of none
 * @param configServer whether it is one of a sharded cluster's config servers
 * @param dataDirectory as the server was told
 * @param state where it stands now
 */
record Member(
        String version,
        boolean offersCursor,
        String set,
        String identity,
        boolean configServer,
        String dataDirectory,
        State state) {

    /** Sharded clusters are asked at a router, which says this of itself. */
    static final String ROUTER = "isdbgrid";

    /**
     * What must not change during a backup, or is told where it does.
     *
     * @param primary whether it takes writes
     * @param hidden whether applications do not read from it
     * @param term of the last election that it knows
     * @param rollbacks counts how often it took writes back
     */
    record State(boolean primary, boolean hidden, long term, int rollbacks) {}

    boolean isInSet() {
        return !set.isEmpty();
    }

    static Member ask(Server server, Deadline deadline) {
        Document build = server.admin("buildInfo", deadline, new Document("buildInfo", 1));
        Document hello = server.admin("hello", deadline, new Document("hello", 1));
        Document options = server.admin("getCmdLineOpts", deadline, new Document("getCmdLineOpts", 1));
        String set = hello.get("setName", "");
        boolean percona = build.containsKey("psmdbVersion");
        boolean enterprise = build.getList("modules", String.class, List.of()).contains("enterprise");
        return new Member(
                build.getString("version"),
                percona || enterprise,
                set,
                set.isEmpty() ? server.shown() : replicaSetId(server, deadline),
                hello.containsKey("configsvr"),
                dataDirectory(options),
                state(server, deadline));
    }

    private static String replicaSetId(Server server, Deadline deadline) {
        Document config = server.admin("replSetGetConfig", deadline, new Document("replSetGetConfig", 1));
        Document settings = config.get("config", Document.class).get("settings", new Document());
        ObjectId id = settings.getObjectId("replicaSetId");
        return id == null ? config.get("config", Document.class).getString("_id") : id.toHexString();
    }

    private static String dataDirectory(Document options) {
        Document storage = options.get("parsed", new Document()).get("storage", new Document());
        return storage.get("dbPath", "/data/db");
    }

    /** Asks only what may change. */
    static State state(Server server, Deadline deadline) {
        Document hello = server.admin("hello", deadline, new Document("hello", 1));
        boolean primary = hello.getBoolean("isWritablePrimary", false);
        if (!hello.containsKey("setName")) {
            return new State(primary, false, 0, 0);
        }
        Document rollbacks = server.admin("replSetGetRBID", deadline, new Document("replSetGetRBID", 1));
        Document status = server.admin("replSetGetStatus", deadline, new Document("replSetGetStatus", 1));
        return new State(
                primary,
                hello.getBoolean("hidden", false),
                status.get("term", Number.class).longValue(),
                rollbacks.get("rbid", Number.class).intValue());
    }

    /**
     * How the replica set stands.
     *
     * @param lag of this member behind the primary
     * @param healthy voters that answer, this one included
     * @param voters all
     */
    record Health(Duration lag, int healthy, int voters) {

        /** Whether a majority is left when this member does nothing for a while. */
        boolean isMajorityWithoutThis() {
            return healthy - 1 > voters / 2;
        }

        static Health ask(Server server, Deadline deadline) {
            Document status = server.admin("replSetGetStatus", deadline, new Document("replSetGetStatus", 1));
            int healthy = 0;
            int voters = 0;
            Instant newest = Instant.MIN;
            Instant own = Instant.MIN;
            for (Document each : status.getList("members", Document.class)) {
                int state = each.get("state", Number.class).intValue();
                voters++;
                if (each.get("health", Number.class).doubleValue() > 0 && (state == 1 || state == 2 || state == 7)) {
                    healthy++;
                }
                Date applied = each.getDate("optimeDate");
                if (applied != null && state == 1) {
                    newest = applied.toInstant();
                }
                if (applied != null && each.getBoolean("self", false)) {
                    own = applied.toInstant();
                }
            }
            Duration lag = newest.equals(Instant.MIN) || own.equals(Instant.MIN)
                    ? Duration.ofDays(365)
                    : Duration.between(own, newest);
            return new Health(lag.isNegative() ? Duration.ZERO : lag, healthy, voters);
        }
    }

    /**
     * How far the oplog reaches.
     *
     * @param first oldest entry
     * @param last newest entry
     */
    record OplogWindow(BsonTimestamp first, BsonTimestamp last) {

        Duration length() {
            return Duration.ofSeconds(Math.max(0, last.getTime() - first.getTime()));
        }

        static OplogWindow ask(Server server, Deadline deadline) {
            return new OplogWindow(end(server, deadline, 1), end(server, deadline, -1));
        }

        private static BsonTimestamp end(Server server, Deadline deadline, int direction) {
            var find = new Document("find", "oplog.rs")
                    .append("sort", new Document("$natural", direction))
                    .append("limit", 1)
                    .append("singleBatch", true)
                    .append("projection", new Document("ts", 1));
            List<Document> found = server.find("local", "oplog", deadline, find);
            return found.isEmpty() ? new BsonTimestamp(0, 0) : found.getFirst().get("ts", BsonTimestamp.class);
        }
    }

    Discovery discovery(Settings.Mode mode) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("set", set);
        facts.put("data_directory", dataDirectory);
        facts.put("mode", mode.label());
        facts.put("primary", Boolean.toString(state.primary()));
        facts.put("hidden", Boolean.toString(state.hidden()));
        facts.put("term", Long.toString(state.term()));
        facts.put("rbid", Integer.toString(state.rollbacks()));
        return new Discovery(version, identity, facts);
    }
}
