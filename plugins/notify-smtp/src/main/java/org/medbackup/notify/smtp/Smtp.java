package org.medbackup.notify.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.notify.common.ChannelOptions;
import org.medbackup.notify.common.TimeLimit;

/** Mail by SMTP (RFC 5321), over STARTTLS (RFC 3207) or TLS (RFC 8314). A connection for each mail. */
final class Smtp implements NotificationChannel {

    private static final int SUBMISSION = 587;
    private static final int SUBMISSIONS = 465;
    private static final int RECEIPT = 200;

    private final Session session;
    private final String host;
    private final int port;
    private final Duration limit;
    private final ZoneId zone;
    private final Addresses addresses;
    private final String user;
    private final @Nullable Secret password;

    Smtp(ChannelOptions options) {
        URI server = options.server();
        boolean implicit = server.getScheme().equals("smtps");
        boolean clear = options.isClear();
        if (implicit && clear) {
            throw ChannelOptions.invalid("smtps is TLS; with tls: none it is smtp");
        }
        this.host = server.getHost();
        this.port = options.port(implicit ? SUBMISSIONS : SUBMISSION);
        this.limit = options.limit();
        this.zone = options.zone();
        this.addresses = Addresses.of(options);
        this.user = options.text("user", "");
        this.password = options.secret("password");
        if (user.isEmpty() != (password == null)) {
            throw ChannelOptions.invalid("user and password are given together");
        }
        this.session = Session.getInstance(properties(implicit, clear, options.authorities()));
    }

    private Properties properties(boolean implicit, boolean clear, @Nullable SSLContext authorities) {
        var properties = new Properties();
        properties.setProperty("mail.smtp.connectiontimeout", Long.toString(limit.toMillis()));
        properties.setProperty("mail.smtp.timeout", Long.toString(limit.toMillis()));
        properties.setProperty("mail.smtp.auth", Boolean.toString(!user.isEmpty()));
        properties.setProperty("mail.smtp.ssl.enable", Boolean.toString(implicit));
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(!implicit && !clear));
        properties.setProperty("mail.smtp.starttls.required", Boolean.toString(!implicit && !clear));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        // Who can be reached is told, also where another of them cannot.
        properties.setProperty("mail.smtp.sendpartial", "true");
        properties.setProperty("mail.smtp.quitwait", "false");
        if (authorities != null) {
            properties.put("mail.smtp.ssl.socketFactory", authorities.getSocketFactory());
        }
        return properties;
    }

    @Override
    public String description() {
        int people = addresses.to().size();
        return "mail by " + host + ":" + port + " to " + people + (people == 1 ? " address" : " addresses");
    }

    @Override
    public String send(Notification notification) {
        return TimeLimit.within(limit, () -> deliver(notification));
    }

    private String deliver(Notification notification) {
        var transport = new SMTPTransport(session, new URLName("smtp", host, port, null, null, null));
        try {
            boolean named = !user.isEmpty();
            transport.connect(host, port, named ? user : null, named ? ChannelOptions.textOf(password) : null);
            Mail mail = Mail.of(notification, addresses, session, zone);
            mail.saveChanges();
            transport.sendMessage(mail, addresses.recipients());
            return PlainText.oneLine(transport.getLastServerResponse().strip(), RECEIPT);
        } catch (MessagingException failed) {
            throw Verdict.of(failed, transport.getLastReturnCode());
        } finally {
            leave(transport);
        }
    }

    private static void leave(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException unheard) {
            // What was taken is taken, and what was not has its own failure.
        }
    }

    @Override
    public void close() {
        // Each mail has closed its connection.
    }
}
