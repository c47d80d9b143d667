package org.medbackup.app.mongodb;

import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Deadline;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/**
 * Opens connections to one member or router, past the driver's choosing of another member.
 *
 * @param password of the configuration, owned by its caller; null where there is none
 */
record Connector(MongoAddress address, @Nullable Secret password) {

    /** How long one attempt to connect, and the choice of a server, may take at most. */
    private static final int CONNECT_MILLIS = 5000;

    /** One that waits for the log must not keep a heartbeat waiting. */
    private static final int CONNECTIONS = 4;

    /** The same account at another member. */
    Connector to(MongoAddress member) {
        return new Connector(member, password);
    }

    /**
     * Opens a connection and logs in.
     *
     * @param name what the server's own list of operations shows
     * @throws org.medbackup.core.error.BackupException as {@link Failures} says
     */
    Server open(String name, Deadline deadline) {
        deadline.check("connect");
        int millis = Math.clamp(deadline.remaining().toMillis(), 1, CONNECT_MILLIS);
        MongoClientSettings.Builder settings = MongoClientSettings.builder()
                .applicationName(name.substring(0, Math.min(name.length(), 100)))
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(new ServerAddress(address.host(), address.port())))
                                .mode(ClusterConnectionMode.SINGLE)
                                .serverSelectionTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToConnectionPoolSettings(
                        pool -> pool.maxSize(CONNECTIONS).maxWaitTime(millis, TimeUnit.MILLISECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(millis, TimeUnit.MILLISECONDS))
                .applyToSslSettings(tls -> tls.enabled(address.tls()))
                .retryReads(false)
                .retryWrites(false);
        MongoCredential credential = credential();
        if (credential != null) {
            settings.credential(credential);
        }
        var server = new Server(address.shown(), MongoClients.create(settings.build()));
        try {
            server.ping(deadline);
            return server;
        } catch (BackupException failed) {
            server.close();
            throw failed.code() == ErrorCode.BUDGET_EXCEEDED
                    ? ErrorCode.APPLICATION_UNREACHABLE.because("nobody answered in time", failed)
                    : failed;
        }
    }

    private @Nullable MongoCredential credential() {
        if (address.user().isEmpty()) {
            return null;
        }
        String source = address.options().getOrDefault("authSource", "admin");
        char[] secret = characters();
        return switch (address.options().getOrDefault("authMechanism", "").toUpperCase(Locale.ROOT)) {
            case "SCRAM-SHA-256" -> MongoCredential.createScramSha256Credential(address.user(), source, secret);
            case "PLAIN" -> MongoCredential.createPlainCredential(address.user(), source, secret);
            default -> MongoCredential.createCredential(address.user(), source, secret);
        };
    }

    private char[] characters() {
        Secret secret = password != null ? password : address.password();
        return secret == null
                ? new char[0]
                : secret.use(bytes -> new String(bytes, StandardCharsets.UTF_8).toCharArray());
    }
}
