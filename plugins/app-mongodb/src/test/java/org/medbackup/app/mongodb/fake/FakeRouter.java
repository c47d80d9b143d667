package org.medbackup.app.mongodb.fake;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonDateTime;
import org.bson.Document;

/** The router of a sharded cluster, with its balancer and what is written into the cluster through it. */
public final class FakeRouter extends WireServer {

    private static final int ROUND = 3;

    private final Set<Rule> off = EnumSet.noneOf(Rule.class);
    private final List<String> shards;
    private final Map<Object, Document> written = new LinkedHashMap<>();
    private boolean balancing = true;
    private int round;

    /** A router that knows shards by the names of their sets. */
    public FakeRouter(List<String> shards, Set<Rule> without) {
        this.shards = List.copyOf(shards);
        this.off.addAll(without);
    }

    public synchronized boolean isBalancing() {
        return balancing;
    }

    public synchronized void balancing(boolean on) {
        balancing = on;
    }

    /** What was written into the cluster. */
    public synchronized int documents() {
        return written.size();
    }

    private boolean keeps(Rule rule) {
        return !off.contains(rule);
    }

    @Override
    synchronized Document answer(Session session, String database, Document command) {
        String name = command.keySet().iterator().next();
        return switch (name) {
            case "hello", "isMaster", "ismaster" -> hello();
            case "ping", "endSessions" -> new Document();
            case "buildInfo" -> new Document("version", "7.0.14").append("modules", List.of());
            case "listShards" -> listShards();
            case "balancerStatus" -> status();
            case "balancerStop" -> stop();
            case "balancerStart" -> start();
            case "find" -> find(command);
            case "update" -> update(command);
            case "delete" -> delete(command);
            default -> throw new CommandError(59, "no such command: '" + name + "'");
        };
    }

    private static Document hello() {
        return new Document("isWritablePrimary", true)
                .append("ismaster", true)
                .append("helloOk", true)
                .append("msg", "isdbgrid")
                .append("maxBsonObjectSize", 16_777_216)
                .append("maxMessageSizeBytes", 48_000_000)
                .append("maxWriteBatchSize", 100_000)
                .append("localTime", new BsonDateTime(0))
                .append("logicalSessionTimeoutMinutes", 30)
                .append("minWireVersion", 0)
                .append("maxWireVersion", 21);
    }

    private Document listShards() {
        List<Document> all = new ArrayList<>();
        shards.forEach(each -> all.add(new Document("_id", each).append("host", each + "/127.0.0.1:1")));
        return new Document("shards", all);
    }

    private Document status() {
        boolean busy = round > 0;
        round = Math.max(0, round - 1);
        return new Document("mode", balancing || !keeps(Rule.BALANCER_HAS_A_STATE) ? "full" : "off")
                .append("inBalancerRound", busy);
    }

    private Document stop() {
        balancing = false;
        round = keeps(Rule.BALANCER_FINISHES_ITS_ROUND) ? ROUND : 0;
        return new Document();
    }

    private Document start() {
        balancing = true;
        return new Document();
    }

    private Document find(Document command) {
        Object id = command.get("filter", Document.class).get("_id");
        List<Document> found = written.containsKey(id) ? List.of(written.get(id)) : List.of();
        return new Document(
                "cursor",
                new Document("id", 0L).append("ns", "admin.medbackup.state").append("firstBatch", found));
    }

    private Document update(Document command) {
        for (Document each : command.getList("updates", Document.class)) {
            written.put(each.get("q", Document.class).get("_id"), each.get("u", Document.class));
        }
        return new Document("n", 1);
    }

    private Document delete(Document command) {
        for (Document each : command.getList("deletes", Document.class)) {
            written.remove(each.get("q", Document.class).get("_id"));
        }
        return new Document("n", 1);
    }
}
