package org.medbackup.app.mongodb;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** A connection to a restored server, for its checks. */
public final class Restored implements AutoCloseable {

    private static final String STEP = "restored server";

    private final Server server;

    private Restored(Server server) {
        this.server = server;
    }

    /** Connects; the restored server asks for no login. */
    public static Restored open(URI address, Deadline deadline) {
        return new Restored(new Connector(MongoAddress.parse(address), null).open("medbackup check", deadline));
    }

    /** One collection. */
    public record Collection(String database, String name) {}

    /** All collections that hold documents. */
    public List<Collection> collections(Deadline deadline) {
        List<Collection> found = new ArrayList<>();
        Document databases = server.admin(STEP, deadline, new Document("listDatabases", 1).append("nameOnly", true));
        for (Document database : databases.getList("databases", Document.class)) {
            String name = database.getString("name");
            var list = new Document("listCollections", 1)
                    .append("filter", new Document("type", "collection"))
                    .append("nameOnly", true)
                    .append("cursor", new Document("batchSize", 100_000));
            for (Document each : server.find(name, STEP, deadline, list)) {
                found.add(new Collection(name, each.getString("name")));
            }
        }
        return found;
    }

    /** Whether the server finds no fault in it (MongoDB manual, "validate"). */
    public boolean isValid(Collection collection, Deadline deadline) {
        var validate = new Document("validate", collection.name()).append("full", true);
        return server.command(collection.database(), STEP, deadline, validate).getBoolean("valid", false);
    }

    /** What the server finds wrong in its catalogue (MongoDB manual, "validateDBMetadata"). */
    public Document metadata(Deadline deadline) {
        var validate = new Document("validateDBMetadata", 1)
                .append("apiParameters", new Document("version", "1").append("strict", false));
        return server.admin(STEP, deadline, validate);
    }

    /** A sum of each database, to be compared with another member's at the same point (MongoDB manual, "dbHash"). */
    public Map<String, String> sums(Deadline deadline) {
        Map<String, String> sums = new TreeMap<>();
        Document databases = server.admin(STEP, deadline, new Document("listDatabases", 1).append("nameOnly", true));
        for (Document database : databases.getList("databases", Document.class)) {
            String name = database.getString("name");
            if (!"local".equals(name)) {
                sums.put(
                        name,
                        server.command(name, STEP, deadline, new Document("dbHash", 1))
                                .getString("md5"));
            }
        }
        return sums;
    }

    /** Stops it in order. */
    public void shutDown(Deadline deadline) {
        try {
            server.admin(STEP, deadline, new Document("shutdown", 1));
        } catch (BackupException ended) {
            // A server that ends closes the connection instead of answering.
            if (ended.code() != ErrorCode.APPLICATION_UNREACHABLE) {
                throw ended;
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
