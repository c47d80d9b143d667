package org.medbackup.app.mongodb;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.Outcome;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.core.spi.app.CopySink;

/**
 * A sharded cluster for one backup: one member of the config servers and of each shard, each by a backup cursor, all brought
 * to one common time of the cluster. Nothing is frozen; the balancer stands still meanwhile.
 */
final class ClusterApplication implements Application {

    private static final String NAME = "medbackup";
    private static final Duration LOG_WAIT = Duration.ofMinutes(2);
    private static final Duration END = Duration.ofSeconds(30);

    private final Connector connector;
    private final Settings settings;
    private final TimeSource time;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Server router;
    private @Nullable Heartbeat heartbeat;
    private @Nullable BsonTimestamp common;
    private boolean prepared;

    ClusterApplication(Connector connector, Settings settings, Outside outside) {
        this.connector = connector;
        this.settings = settings;
        this.time = outside.time();
    }

    /** One member that stands for its shard. */
    private static final class Part {

        private final Settings.Shard shard;
        private final Server server;
        private final Member member;
        private Member.@Nullable State prepared;
        private @Nullable BackupCursor cursor;

        Part(Settings.Shard shard, Server server, Member member) {
            this.shard = shard;
            this.server = server;
            this.member = member;
        }
    }

    @Override
    public String address() {
        return connector.address().shown();
    }

    @Override
    public Discovery discover(Deadline deadline) {
        if (router == null) {
            router = connector.open(NAME, deadline);
        }
        Document hello = router.admin("hello", deadline, new Document("hello", 1));
        if (!Member.ROUTER.equals(hello.getString("msg"))) {
            throw ErrorCode.APPLICATION_NOT_READY.because("the address is not that of a router of a sharded cluster");
        }
        String version = router.admin("buildInfo", deadline, new Document("buildInfo", 1))
                .getString("version");
        if (parts.isEmpty()) {
            for (Settings.Shard each : settings.members()) {
                Server server = connector.to(each.address()).open(NAME, deadline);
                parts.add(new Part(each, server, Member.ask(server, deadline)));
            }
            // The map of the data first: what it misses of later changes a shard still knows, not the other way round.
            parts.sort(Comparator.comparing((Part part) -> !part.member.configServer()));
        }
        Map<String, String> facts = new TreeMap<>();
        facts.put("mode", Settings.Mode.CURSOR.label());
        facts.put("sets", String.join(",", sets()));
        parts.forEach(part -> facts.put(
                "data_directory." + part.member.set(),
                part.shard.dataDirectory().toString()));
        return new Discovery(version, identity(), facts);
    }

    private String identity() {
        return parts.stream()
                .filter(part -> part.member.configServer())
                .map(part -> part.member.identity())
                .findFirst()
                .orElse(address());
    }

    private List<String> sets() {
        return parts.stream().map(part -> part.member.set()).toList();
    }

    @Override
    public List<Readiness> check(Deadline deadline) {
        List<Readiness> found = new ArrayList<>();
        found.add(complete(deadline));
        for (Part part : parts) {
            var checks = new Checks(part.server, part.member, part.shard.dataDirectory(), settings, deadline);
            for (Readiness each : List.of(checks.files(), checks.cursor(), checks.window())) {
                found.add(new Readiness(name(part, each), each.ok(), each.message(), each.remedy()));
            }
        }
        return List.copyOf(found);
    }

    private static String name(Part part, Readiness check) {
        return check.name() + "_" + part.member.set().replaceAll("[^a-z0-9]", "_");
    }

    private Readiness complete(Deadline deadline) {
        Document answer = router().admin("shards", deadline, new Document("listShards", 1));
        var missing = new TreeSet<String>();
        for (Document each : answer.getList("shards", Document.class)) {
            missing.add(each.getString("host").replaceFirst("/.*", ""));
        }
        sets().forEach(missing::remove);
        boolean config = parts.stream().anyMatch(part -> part.member.configServer());
        boolean ok = config && missing.isEmpty();
        return new Readiness(
                "members",
                ok,
                ok
                        ? "the config servers and every shard have a member here"
                        : missing.size() + " shards have no member here"
                                + (config ? "" : ", and the config servers have none"),
                ok ? "" : "name one member of the config servers and of each shard in the option members");
    }

    private Server router() {
        return MemberApplication.known(router, "discover");
    }

    @Override
    public void prepare(String run, Deadline deadline) {
        prepared = true;
        new Balancer(router(), time).stop(run, deadline);
        for (Part part : parts) {
            part.prepared = Member.state(part.server, deadline);
        }
    }

    @Override
    public boolean freezes() {
        return false;
    }

    @Override
    public void freeze(Deadline deadline) {
        throw new IllegalStateException("a sharded cluster is backed up without a freeze");
    }

    @Override
    public void mark(Deadline deadline) {
        List<BackupCursor> open = new ArrayList<>();
        for (Part part : parts) {
            BackupCursor cursor = BackupCursor.open(part.server, time, deadline);
            part.cursor = cursor;
            open.add(cursor);
            common = Timestamps.later(common, cursor.oplogEnd());
        }
        heartbeat = Heartbeat.start(open, time);
    }

    @Override
    public void thaw(Deadline deadline) {
        // Nothing was frozen.
    }

    @Override
    public void copy(CopySink sink) {
        BsonTimestamp to = MemberApplication.known(common, "mark");
        try (Heartbeat alive = MemberApplication.known(heartbeat, "mark")) {
            List<CursorCopy> copies =
                    parts.stream().map(part -> copyOf(part, alive)).toList();
            copies.forEach(copy -> copy.files(sink));
            copies.forEach(copy -> copy.logUpTo(to, sink, Deadline.after(time, LOG_WAIT)));
            alive.finish();
        }
        closeCursors(Deadline.after(time, END));
    }

    private static CursorCopy copyOf(Part part, Heartbeat alive) {
        var said = java.nio.file.Path.of(part.member.dataDirectory()).normalize();
        return new CursorCopy(MemberApplication.known(part.cursor, "mark"), said, part.shard.dataDirectory(), alive);
    }

    @Override
    public Consistency verify(Deadline deadline) {
        BsonTimestamp to = MemberApplication.known(common, "mark");
        new Balancer(router(), time).requireStopped(deadline);
        Map<String, String> evidence = new TreeMap<>();
        evidence.put("timestamp", Timestamps.text(to));
        for (Part part : parts) {
            Member.State now = Member.state(part.server, deadline);
            if (MemberApplication.known(part.prepared, "prepare").rollbacks() != now.rollbacks()) {
                throw ErrorCode.APPLICATION_STATE_LOST.because("a member took back writes that the copy may hold");
            }
            MemberApplication.requireInOplog(part.server, to, deadline);
            evidence.put("term." + part.member.set(), Long.toString(now.term()));
        }
        return new Consistency(ConsistencyLevel.APPLICATION_CONSISTENT, Timestamps.text(to), Duration.ZERO, evidence);
    }

    @Override
    public void after(Outcome outcome, Deadline deadline) {
        closeCursors(deadline);
        if (prepared) {
            new Balancer(router(), time).restore(deadline);
            prepared = false;
        } else if (router == null) {
            // A fresh instance, after a crash: what was before is written in the cluster.
            try (Server fresh = connector.open(NAME, deadline)) {
                new Balancer(fresh, time).restore(deadline);
            }
        }
    }

    private void closeCursors(Deadline deadline) {
        if (heartbeat != null) {
            heartbeat.close();
            heartbeat = null;
        }
        for (Part part : parts) {
            BackupCursor open = part.cursor;
            part.cursor = null;
            if (open != null) {
                close(open, deadline);
            }
        }
    }

    private static void close(BackupCursor open, Deadline deadline) {
        try {
            open.close(deadline);
        } catch (BackupException gone) {
            // The server gives it up by itself; the others are closed all the same.
            return;
        }
    }

    @Override
    public void close() {
        if (heartbeat != null) {
            heartbeat.close();
            heartbeat = null;
        }
        parts.forEach(part -> part.server.close());
        parts.clear();
        if (router != null) {
            router.close();
            router = null;
        }
    }
}
