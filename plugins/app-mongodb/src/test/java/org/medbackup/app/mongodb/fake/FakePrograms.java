package org.medbackup.app.mongodb.fake;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDateTime;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/** Programs of a machine: a mongod that is started on the folder that it is told, and answers until it is stopped. */
public final class FakePrograms implements Processes {

    /** How an installed mongod behaves. */
    public enum Kind {
        WORKS,
        ABSENT,
        BROKEN,
        ENDS_AT_ONCE,
        FINDS_DAMAGE,
        DOES_NOT_STOP
    }

    private final Kind kind;
    private final List<List<String>> started = new ArrayList<>();
    private @Nullable Mongod running;

    public FakePrograms(Kind kind) {
        this.kind = kind;
    }

    public List<List<String>> started() {
        return List.copyOf(started);
    }

    /** Whether a server that was started still runs. */
    public boolean isRunning() {
        return running != null && running.isAlive();
    }

    /** Data as the started server reads it. */
    public Bank.Recovered data() {
        String folder = started.getFirst().get(started.getFirst().indexOf("--dbpath") + 1);
        return Bank.recover(Path.of(folder));
    }

    @Override
    public Completed run(Command command) {
        if (kind == Kind.ABSENT) {
            throw ErrorCode.SYSTEM_CALL_FAILED.because("no such program");
        }
        return new Completed(kind == Kind.BROKEN ? 127 : 0, "db version v7.0.14", "", false);
    }

    @Override
    public Running start(Command command) {
        List<String> words = command.arguments();
        started.add(words);
        var made = new Mongod(Integer.parseInt(words.get(words.indexOf("--port") + 1)), kind);
        running = made;
        if (kind == Kind.ENDS_AT_ONCE) {
            made.close();
        }
        return made;
    }

    /** The process and what answers in it. */
    private static final class Mongod extends WireServer implements Running {

        private final Kind kind;
        private volatile boolean alive = true;

        Mongod(int port, Kind kind) {
            super(port);
            this.kind = kind;
        }

        @Override
        Document answer(Session session, String database, Document command) {
            String name = command.keySet().iterator().next();
            return switch (name) {
                case "hello", "isMaster", "ismaster" -> hello();
                case "ping", "endSessions" -> new Document();
                case "listDatabases" ->
                    new Document("databases", List.of(new Document("name", "clinic"), new Document("name", "local")));
                case "listCollections" -> collections();
                case "validate" -> new Document("valid", kind != Kind.FINDS_DAMAGE);
                case "validateDBMetadata" ->
                    new Document("apiVersionErrors", kind == Kind.FINDS_DAMAGE ? List.of(new Document()) : List.of());
                case "dbHash" -> new Document("md5", "0cc175b9c0f1b6a831c399e269772661");
                case "shutdown" -> shutdown();
                default -> throw new CommandError(59, "no such command: '" + name + "'");
            };
        }

        private static Document hello() {
            return new Document("isWritablePrimary", true)
                    .append("ismaster", true)
                    .append("helloOk", true)
                    .append("maxBsonObjectSize", 16_777_216)
                    .append("maxMessageSizeBytes", 48_000_000)
                    .append("maxWriteBatchSize", 100_000)
                    .append("localTime", new BsonDateTime(0))
                    .append("logicalSessionTimeoutMinutes", 30)
                    .append("minWireVersion", 0)
                    .append("maxWireVersion", 21);
        }

        private static Document collections() {
            var batch = List.of(new Document("name", "patients"), new Document("name", "visits"));
            return new Document(
                    "cursor",
                    new Document("id", 0L)
                            .append("ns", "clinic.$cmd.listCollections")
                            .append("firstBatch", batch));
        }

        private Document shutdown() {
            if (kind == Kind.DOES_NOT_STOP) {
                throw new CommandError(13, "not allowed");
            }
            close();
            return new Document();
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public boolean await(Duration limit) {
            return !alive;
        }

        @Override
        public void close() {
            alive = false;
            super.close();
        }
    }
}
