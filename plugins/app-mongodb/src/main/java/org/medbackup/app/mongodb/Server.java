package org.medbackup.app.mongodb;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;

/** One connection to one member or router. Safe for use by several threads; they wait for each other. */
final class Server implements AutoCloseable {

    private static final String ADMIN = "admin";

    private final String shown;
    private final MongoClient client;
    private @Nullable ClientSession session;

    Server(String shown, MongoClient client) {
        this.shown = shown;
        this.client = client;
    }

    /** Where it is, without account. */
    String shown() {
        return shown;
    }

    /** Asks something of the database {@code admin}. */
    Document admin(String step, Deadline deadline, Document command) {
        return command(ADMIN, step, deadline, command);
    }

    /** Asks something of a database. */
    Document command(String database, String step, Deadline deadline, Document command) {
        return asked(
                step,
                deadline,
                () -> client.getDatabase(database)
                        .withTimeout(millis(deadline), TimeUnit.MILLISECONDS)
                        .runCommand(command, ReadPreference.primaryPreferred()));
    }

    /** As {@link #admin}, in the one session of this connection that owns its cursors; the driver wants it used by one at a time. */
    synchronized Document owned(String step, Deadline deadline, Document command) {
        return asked(
                step,
                deadline,
                () -> client.getDatabase(ADMIN)
                        .withTimeout(millis(deadline), TimeUnit.MILLISECONDS)
                        .runCommand(session(), command, ReadPreference.primaryPreferred()));
    }

    /** The documents of a small collection. */
    List<Document> find(String database, String step, Deadline deadline, Document command) {
        Document cursor = command(database, step, deadline, command).get("cursor", Document.class);
        return cursor.getList("firstBatch", Document.class);
    }

    private static Document asked(String step, Deadline deadline, Supplier<Document> question) {
        deadline.check(step);
        try {
            return question.get();
        } catch (MongoException failed) {
            throw Failures.of(step, failed);
        }
    }

    private static long millis(Deadline deadline) {
        return Math.clamp(deadline.remaining().toMillis(), 1, Integer.MAX_VALUE);
    }

    private synchronized ClientSession session() {
        ClientSession open = session;
        if (open == null) {
            open = client.startSession(
                    ClientSessionOptions.builder().causallyConsistent(false).build());
            session = open;
        }
        return open;
    }

    void ping(Deadline deadline) {
        admin("ping", deadline, new Document("ping", 1));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (session != null) {
                session.close();
                session = null;
            }
        }
        client.close();
    }
}
