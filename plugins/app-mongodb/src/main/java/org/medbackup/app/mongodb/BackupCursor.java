package org.medbackup.app.mongodb;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.TimeSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * An open backup cursor: as long as it lives the server does not overwrite the files that it named (manual of Percona
 * Server for MongoDB, "$backupCursor and $backupCursorExtend aggregation stages").
 *
 * <p>Safe for use by several threads.
 */
final class BackupCursor {

    /** The server gives a cursor up that was not asked for ten minutes. */
    static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private static final String COLLECTION = "$cmd.aggregate";
    private static final int OPENINGS = 20;
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final int BATCH = 1000;

    private final Server server;
    private final long id;
    private final @Nullable Object backupId;
    private final @Nullable BsonTimestamp checkpoint;
    private final @Nullable BsonTimestamp oplogEnd;
    private final List<Path> files;

    private BackupCursor(Server server, long id, Document metadata, List<Path> files) {
        this.server = server;
        this.id = id;
        this.backupId = metadata.get("backupId");
        this.checkpoint = metadata.get("checkpointTimestamp", BsonTimestamp.class);
        Document end = metadata.get("oplogEnd", Document.class);
        this.oplogEnd = end == null ? null : end.get("ts", BsonTimestamp.class);
        this.files = List.copyOf(files);
    }

    /** Opens one; where that meets a checkpoint it is tried again. */
    static BackupCursor open(Server server, TimeSource time, Deadline deadline) {
        for (int opening = 1; ; opening++) {
            try {
                return openNow(server, deadline);
            } catch (BackupException failed) {
                if (Failures.number(failed) != Failures.OPENING_CONFLICTS || opening == OPENINGS) {
                    throw failed;
                }
                time.sleep(PAUSE);
            }
        }
    }

    private static BackupCursor openNow(Server server, Deadline deadline) {
        var stage = new Document("$backupCursor", new Document());
        Document cursor =
                server.owned("backup cursor", deadline, aggregate(stage)).get("cursor", Document.class);
        long id = cursor.get("id", Number.class).longValue();
        List<Document> documents = new ArrayList<>(cursor.getList("firstBatch", Document.class));
        try {
            return new BackupCursor(server, id, read(server, id, documents, deadline), files(documents));
        } catch (RuntimeException unusable) {
            kill(server, id, deadline);
            throw unusable;
        }
    }

    /** Reads until nothing more comes: the cursor stays open after its last file. */
    private static Document read(Server server, long id, List<Document> documents, Deadline deadline) {
        List<Document> more = documents;
        while (!more.isEmpty()) {
            more = next(server, id, deadline);
            documents.addAll(more);
        }
        Document first = documents.isEmpty() ? new Document() : documents.getFirst();
        Document metadata = first.get("metadata", Document.class);
        if (metadata == null || id == 0) {
            throw ErrorCode.APPLICATION_FAILED.because("the backup cursor does not begin with its metadata");
        }
        return metadata;
    }

    private static List<Path> files(List<Document> documents) {
        return documents.stream()
                .filter(each -> each.containsKey("filename"))
                .map(each -> Path.of(each.getString("filename")))
                .distinct()
                .toList();
    }

    private static List<Document> next(Server server, long id, Deadline deadline) {
        return batch(server, id, deadline).getList("nextBatch", Document.class);
    }

    private static Document batch(Server server, long id, Deadline deadline) {
        var more = new Document("getMore", id).append("collection", COLLECTION).append("batchSize", BATCH);
        return server.owned("backup cursor", deadline, more).get("cursor", Document.class);
    }

    private static Document aggregate(Document stage) {
        return new Document("aggregate", 1)
                .append("pipeline", List.of(stage))
                .append("cursor", new Document("batchSize", BATCH));
    }

    /** The files that it keeps, as the server names them. */
    List<Path> files() {
        return files;
    }

    /** The last operation that is in these files for certain; null outside a replica set. */
    @Nullable
    BsonTimestamp checkpoint() {
        return checkpoint;
    }

    /** The last operation of the oplog when it was opened; null outside a replica set. */
    @Nullable
    BsonTimestamp oplogEnd() {
        return oplogEnd;
    }

    /**
     * Waits until an operation is in the log of this member, and names the log's files that hold all up to it.
     *
     * @throws org.medbackup.core.error.ApplicationException outside a replica set
     */
    List<Path> extend(BsonTimestamp to, Deadline deadline) {
        var stage = new Document("$backupCursorExtend", new Document("backupId", backupId).append("timestamp", to));
        // Outside the cursor's session, which the heartbeat needs meanwhile; the answer is short and comes in one
        // batch.
        Document cursor =
                server.admin("backup cursor extend", deadline, aggregate(stage)).get("cursor", Document.class);
        if (cursor.get("id", Number.class).longValue() != 0) {
            throw ErrorCode.APPLICATION_FAILED.because("the list of the log's files is longer than one answer");
        }
        return files(cursor.getList("firstBatch", Document.class));
    }

    /**
     * Keeps it for another ten minutes.
     *
     * @throws org.medbackup.core.error.ApplicationException with {@link ErrorCode#APPLICATION_STATE_LOST} where the server
     *     does not have it any more
     */
    void beat(Deadline deadline) {
        next(server, id, deadline);
    }

    /** Lets the files go. Idempotent. */
    void close(Deadline deadline) {
        kill(server, id, deadline);
    }

    private static void kill(Server server, long id, Deadline deadline) {
        var kill = new Document("killCursors", COLLECTION).append("cursors", List.of(id));
        server.owned("backup cursor", deadline, kill);
    }
}
