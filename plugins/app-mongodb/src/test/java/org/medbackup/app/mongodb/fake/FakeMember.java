package org.medbackup.app.mongodb.fake;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bson.BsonDateTime;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.TimeSource;

/** One mongod with its rules. Safe for use by several threads. */
public final class FakeMember extends WireServer {

    /** User and password of the account that may log in where {@link #requireLogin} was called. */
    public static final String USER = "backup";

    public static final String PASSWORD = "horse staple";

    private static final long CURSOR_LIFE_SECONDS = 600;
    private static final Set<String> WITHOUT_LOGIN =
            Set.of("hello", "isMaster", "ismaster", "saslStart", "saslContinue", "endSessions");

    private final TimeSource time;
    private final Path folder;
    private final Bank bank;
    private final Set<Rule> off = EnumSet.noneOf(Rule.class);
    private final String set;
    private final List<BsonTimestamp> oplog = new ArrayList<>();
    private boolean configServer;
    private boolean primary;
    private boolean hidden = true;
    private boolean percona = true;
    private boolean login;
    private boolean busy;
    private int locks;
    private int relocks;
    private int openingConflicts;
    private int failedMembers;
    private int term = 1;
    private int rollbacks = 1;
    private Duration lag = Duration.ZERO;
    private long nextCursor = 1000;
    private @Nullable Cursor cursor;

    /** An open backup cursor. */
    private static final class Cursor {
        final long id;
        final @Nullable Object session;
        long asked;

        Cursor(long id, @Nullable Object session, long asked) {
            this.id = id;
            this.session = session;
            this.asked = asked;
        }
    }

    /**
     * A member that runs.
     *
     * @param set its replica set; empty for a server alone
     */
    public FakeMember(TimeSource time, Path folder, String set, Set<Rule> without) {
        this.time = time;
        this.folder = folder;
        this.set = set;
        this.off.addAll(without);
        this.primary = set.isEmpty();
        this.bank = new Bank(folder);
        oplog.add(new BsonTimestamp(seconds() - 100_000, 1));
        logged();
    }

    // What a test arranges.

    public synchronized FakeMember asConfigServer() {
        configServer = true;
        return this;
    }

    public synchronized FakeMember asCommunity() {
        percona = false;
        return this;
    }

    public synchronized FakeMember asPrimary() {
        primary = true;
        hidden = false;
        return this;
    }

    public synchronized FakeMember visible() {
        hidden = false;
        return this;
    }

    public synchronized FakeMember requireLogin() {
        login = true;
        return this;
    }

    public synchronized void behindBy(Duration time) {
        lag = keeps(Rule.MEMBERS_LAG) ? time : Duration.ZERO;
    }

    public synchronized void othersFail(int number) {
        failedMembers = keeps(Rule.MEMBERS_FAIL) ? number : 0;
    }

    public synchronized void busy(boolean on) {
        busy = on;
    }

    public synchronized void openingConflicts(int number) {
        openingConflicts = keeps(Rule.OPENING_MEETS_CHECKPOINTS) ? number : 0;
    }

    /** Somebody else locks. */
    public synchronized void lockedByAnother() {
        lock();
    }

    /** Somebody else locks again as soon as it was unlocked. */
    public synchronized void lockedAgain(int times) {
        relocks = times;
    }

    public synchronized void anotherCursor() {
        cursor = new Cursor(1, "another", time.nanos());
        bank.pin(keeps(Rule.CURSOR_KEEPS_FILES));
    }

    public synchronized void stepDown() {
        if (keeps(Rule.PRIMARIES_STEP_DOWN)) {
            primary = !primary;
            term++;
        }
    }

    public synchronized void rollBack() {
        if (keeps(Rule.ROLLBACKS_CHANGE_THE_ID)) {
            rollbacks++;
        }
    }

    /** So much is written that the oplog does not reach back to now. */
    public synchronized void overrunOplog() {
        logged();
        if (keeps(Rule.OPLOG_IS_LIMITED)) {
            BsonTimestamp last = oplog.getLast();
            oplog.clear();
            oplog.add(new BsonTimestamp(last.getTime() + 1, 1));
        }
    }

    /** The oplog holds no more than a time. */
    public synchronized void oplogOf(Duration length) {
        BsonTimestamp last = oplog.getLast();
        if (keeps(Rule.OPLOG_IS_LIMITED)) {
            oplog.clear();
            oplog.add(new BsonTimestamp(last.getTime() - (int) length.toSeconds(), 1));
        }
        oplog.add(last);
    }

    /** An application writes; false where it would have to wait. */
    public synchronized boolean write() {
        if (locks > 0 && keeps(Rule.LOCK_BLOCKS_WRITES)) {
            return false;
        }
        bank.transfer();
        logged();
        return true;
    }

    public Bank bank() {
        return bank;
    }

    public Path folder() {
        return folder;
    }

    public synchronized int locks() {
        return locks;
    }

    public synchronized boolean hasCursor() {
        return cursor != null && !expired(cursor);
    }

    /** How many transfers there were at a point of the oplog. */
    public synchronized int transfersAt(BsonTimestamp point) {
        return (int) oplog.stream().filter(each -> each.compareTo(point) <= 0).count() - 2;
    }

    synchronized BsonTimestamp last() {
        return oplog.getLast();
    }

    private boolean keeps(Rule rule) {
        return !off.contains(rule);
    }

    private int seconds() {
        return (int) time.now().getEpochSecond();
    }

    private void logged() {
        int second = Math.max(seconds(), oplog.getLast().getTime());
        int count = second == oplog.getLast().getTime() ? oplog.getLast().getInc() + 1 : 1;
        oplog.add(new BsonTimestamp(second, count));
    }

    // What the wire asks.

    @Override
    Document answer(Session session, String database, Document command) {
        String name = command.keySet().iterator().next();
        if (name.startsWith("sasl")) {
            return login(session, name, command);
        }
        synchronized (this) {
            if (login && !session.loggedIn && !WITHOUT_LOGIN.contains(name)) {
                throw new CommandError(13, "command requires authentication");
            }
            return switch (name) {
                case "hello", "isMaster", "ismaster" -> hello();
                case "ping", "endSessions" -> new Document();
                case "buildInfo" -> buildInfo();
                case "getCmdLineOpts" ->
                    new Document("parsed", new Document("storage", new Document("dbPath", folder.toString())));
                case "serverStatus" -> new Document("version", "7.0.14").append("pid", 1L);
                case "replSetGetStatus" -> status();
                case "replSetGetConfig" -> configuration();
                case "replSetGetRBID" -> inSet(new Document("rbid", rollbacks));
                case "fsync" -> fsync(session, command);
                case "fsyncUnlock" -> unlock();
                case "currentOp" -> currentOp();
                case "aggregate" -> aggregate(command);
                case "getMore" -> getMore(command);
                case "killCursors" -> killCursors(command);
                case "find" -> find(database, command);
                default -> throw new CommandError(59, "no such command: '" + name + "'");
            };
        }
    }

    private Document login(Session session, String name, Document command) {
        synchronized (this) {
            while (locks > 0 && keeps(Rule.LOGIN_WAITS_UNDER_THE_LOCK)) {
                try {
                    wait(5000);
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    throw new CommandError(11600, "interrupted at shutdown");
                }
            }
        }
        String payload = new String(command.get("payload", Binary.class).getData(), StandardCharsets.UTF_8);
        var answer = new Document("conversationId", 1);
        if (name.equals("saslStart")) {
            if (!"SCRAM-SHA-256".equals(command.getString("mechanism"))) {
                throw new CommandError(2, "this mechanism is not enabled");
            }
            var scram = new Scram(PASSWORD);
            session.scram = scram;
            return answer.append("done", false).append("payload", new Binary(bytes(scram.start(payload))));
        }
        Scram begun = session.scram;
        if (begun == null) {
            throw new CommandError(17, "no SASL session state found");
        }
        String proof = payload.isEmpty() ? "" : begun.finish(payload);
        session.loggedIn = true;
        return answer.append("done", true).append("payload", new Binary(bytes(proof)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Document hello() {
        var hello = new Document("isWritablePrimary", primary)
                .append("ismaster", primary)
                .append("helloOk", true)
                .append("maxBsonObjectSize", 16_777_216)
                .append("maxMessageSizeBytes", 48_000_000)
                .append("maxWriteBatchSize", 100_000)
                .append("localTime", new BsonDateTime(0))
                .append("logicalSessionTimeoutMinutes", 30)
                .append("connectionId", 1)
                .append("minWireVersion", 0)
                .append("maxWireVersion", 21)
                .append("readOnly", false);
        if (!set.isEmpty()) {
            hello.append("setName", set)
                    .append("setVersion", 1)
                    .append("secondary", !primary)
                    .append("hosts", List.of(place()))
                    .append("me", place());
            if (hidden && !primary) {
                hello.append("hidden", true).append("passive", true);
            }
        }
        if (configServer) {
            hello.append("configsvr", 2);
        }
        if (login) {
            hello.append("saslSupportedMechs", List.of("SCRAM-SHA-256"));
        }
        return hello;
    }

    private Document buildInfo() {
        var info = new Document("version", "7.0.14").append("modules", List.of());
        return percona ? info.append("psmdbVersion", "7.0.14-8") : info;
    }

    private Document inSet(Document answer) {
        if (set.isEmpty()) {
            throw new CommandError(76, "not running with --replSet");
        }
        return answer;
    }

    private Document status() {
        var now = Date.from(time.now());
        var behind = Date.from(time.now().minus(lag));
        List<Document> members = new ArrayList<>();
        members.add(member(primary ? 1 : 2, 1, behind).append("self", true));
        members.add(member(primary ? 2 : 1, failedMembers > 1 ? 0 : 1, now));
        members.add(member(2, failedMembers > 0 ? 0 : 1, now));
        return inSet(new Document("set", set).append("term", (long) term).append("members", members));
    }

    private static Document member(int state, int health, Date applied) {
        return new Document("state", state).append("health", (double) health).append("optimeDate", applied);
    }

    private Document configuration() {
        var id = new ObjectId("%024x".formatted(set.hashCode() & 0xffffffffL));
        return inSet(
                new Document("config", new Document("_id", set).append("settings", new Document("replicaSetId", id))));
    }

    private Document fsync(Session session, Document command) {
        if (!command.getBoolean("lock", false)) {
            bank.flush();
            return new Document("numFiles", 1);
        }
        if (busy && keeps(Rule.LOCK_ACQUISITION_TIMES_OUT)) {
            throw new CommandError(24, "Fsync lock timed out");
        }
        lock();
        if (!keeps(Rule.LOCK_OUTLIVES_ITS_CONNECTION)) {
            session.whenGone = () -> {
                synchronized (this) {
                    locks = 0;
                }
            };
        }
        return new Document("info", "now locked against writes").append("lockCount", (long) locks);
    }

    private void lock() {
        bank.flush();
        locks = keeps(Rule.LOCKS_COUNT) ? locks + 1 : 1;
    }

    private Document unlock() {
        if (locks == 0) {
            if (keeps(Rule.UNLOCK_NEEDS_A_LOCK)) {
                throw new CommandError(20, "fsyncUnlock called when not locked");
            }
            return new Document("lockCount", 0L);
        }
        locks--;
        if (locks == 0 && relocks > 0) {
            relocks--;
            locks = 1;
            return new Document("info", "fsyncUnlock completed").append("lockCount", 0L);
        }
        notifyAll();
        return new Document("info", "fsyncUnlock completed").append("lockCount", (long) locks);
    }

    private Document currentOp() {
        var answer = new Document("inprog", List.of());
        return locks > 0 && keeps(Rule.CURRENT_OP_TELLS_OF_THE_LOCK) ? answer.append("fsyncLock", true) : answer;
    }

    private boolean expired(Cursor open) {
        return keeps(Rule.CURSOR_EXPIRES)
                && time.nanos() - open.asked
                        > Duration.ofSeconds(CURSOR_LIFE_SECONDS).toNanos();
    }

    private Document aggregate(Document command) {
        Document stage = command.getList("pipeline", Document.class).getFirst();
        String name = stage.keySet().iterator().next();
        if (!percona || !name.startsWith("$backupCursor")) {
            throw new CommandError(40324, "Unrecognized pipeline stage name: '" + name + "'");
        }
        return name.equals("$backupCursor") ? open(command) : extend(stage.get(name, Document.class));
    }

    private Document open(Document command) {
        if (openingConflicts > 0) {
            openingConflicts--;
            throw new CommandError(298, "A checkpoint took place while opening a backup cursor.");
        }
        if (hasCursor() && keeps(Rule.ONE_CURSOR_AT_A_TIME)) {
            throw new CommandError(50886, "The existing backup cursor must be closed first.");
        }
        bank.checkpoint();
        var opened = new Cursor(nextCursor++, command.get("lsid"), time.nanos());
        cursor = opened;
        bank.pin(keeps(Rule.CURSOR_KEEPS_FILES));
        List<Document> batch = new ArrayList<>();
        if (keeps(Rule.CURSOR_BEGINS_WITH_METADATA)) {
            batch.add(new Document("metadata", metadata()));
        }
        bank.files().forEach(file -> batch.add(new Document("filename", file.toString())));
        return cursor(opened.id, "firstBatch", batch);
    }

    private Document metadata() {
        var metadata = new Document("backupId", new Binary((byte) 4, new byte[16])).append("dbpath", folder.toString());
        if (!set.isEmpty()) {
            // What comes next is in the oplog and not yet on the disk.
            write();
            metadata.append("checkpointTimestamp", oplog.get(Math.max(0, oplog.size() - 2)))
                    .append("oplogStart", new Document("ts", oplog.getFirst()).append("t", (long) term))
                    .append("oplogEnd", new Document("ts", oplog.getLast()).append("t", (long) term));
        }
        return metadata;
    }

    private static Document cursor(long id, String batch, List<Document> documents) {
        return new Document(
                "cursor",
                new Document("id", id).append("ns", "admin.$cmd.aggregate").append(batch, documents));
    }

    private Document extend(Document arguments) {
        if (set.isEmpty() && keeps(Rule.EXTEND_NEEDS_A_REPLICA_SET)) {
            throw new CommandError(29144, "$backupCursorExtend is only allowed with replica sets");
        }
        if (!hasCursor()) {
            throw new CommandError(50887, "cannot extend: there is no backup cursor");
        }
        while (arguments.get("timestamp", BsonTimestamp.class).compareTo(oplog.getLast()) > 0) {
            // A member that is behind waits; here the writes that it waits for come at once.
            BsonTimestamp to = arguments.get("timestamp", BsonTimestamp.class);
            bank.transfer();
            oplog.add(to);
        }
        if (keeps(Rule.EXTEND_WRITES_THE_LOG)) {
            bank.flush();
        }
        return cursor(
                0L,
                "firstBatch",
                bank.logFiles().stream()
                        .map(file -> new Document("filename", file.toString()))
                        .toList());
    }

    private Document getMore(Document command) {
        Cursor open = cursor;
        long id = command.getLong("getMore");
        if (open == null || open.id != id || expired(open)) {
            forget();
            throw new CommandError(43, "cursor id " + id + " not found");
        }
        if (keeps(Rule.CURSOR_BELONGS_TO_ITS_SESSION)
                && (open.session == null || !open.session.equals(command.get("lsid")))) {
            throw new CommandError(50738, "Cannot run getMore on cursor, which was not created in this session");
        }
        open.asked = time.nanos();
        return cursor(id, "nextBatch", List.of());
    }

    private void forget() {
        cursor = null;
        bank.pin(false);
    }

    private Document killCursors(Document command) {
        Cursor open = cursor;
        if (open != null && command.getList("cursors", Long.class).contains(open.id)) {
            forget();
        }
        return new Document("cursorsKilled", List.of());
    }

    private Document find(String database, Document command) {
        if (!database.equals("local") || !"oplog.rs".equals(command.getString("find"))) {
            return cursor(0L, "firstBatch", List.of());
        }
        boolean first = command.get("sort", Document.class).getInteger("$natural") == 1;
        BsonTimestamp end = first ? oplog.getFirst() : oplog.getLast();
        return cursor(0L, "firstBatch", List.of(new Document("ts", end)));
    }
}
