package org.medbackup.notify.http;

import java.net.URI;
import java.net.http.HttpRequest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.Secret;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;

/**
 * Posts the document to one address, signed as the specification of Standard Webhooks 1.0.0 has it (its "v1", symmetric),
 * so that a receiver can check it with the libraries that are there for that.
 */
final class Webhook implements NotificationChannel {

    private final Door door;
    private final URI target;
    private final @Nullable Signature signature;

    Webhook(ChannelOptions options, TimeSource time) {
        Secret secret = options.secret("secret");
        this.signature = secret == null ? null : Signature.with(secret);
        this.door = Door.of(options, time);
        String path = options.address().getRawPath();
        this.target = target(door.at(path.endsWith("/") ? "/" : ""), options.secret("query"));
    }

    private static URI target(URI base, @Nullable Secret query) {
        try {
            return query == null ? base : URI.create(base + "?" + ChannelOptions.textOf(query));
        } catch (IllegalArgumentException quotesIt) {
            throw ChannelOptions.invalid("query is none that an address can have");
        }
    }

    @Override
    public String description() {
        return "webhook at " + door.server();
    }

    @Override
    public String send(Notification notification) {
        byte[] body = Document.of(notification);
        String id = id(body);
        HttpRequest.Builder request =
                Door.post(target, body).header("Webhook-Id", id).header("Idempotency-Key", id);
        if (signature != null) {
            long seconds = door.time().now().getEpochSecond();
            request.header("Webhook-Timestamp", Long.toString(seconds))
                    .header("Webhook-Signature", signature.of(id, seconds, body));
        }
        HttpRequest whole = request.build();
        return door.within(() -> door.ask(whole)).receipt();
    }

    /** The same whenever the same notification is handed over, also by another process. */
    private static String id(byte[] body) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(body);
            return "msg_" + HexFormat.of().formatHex(sum, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        door.close();
    }
}
