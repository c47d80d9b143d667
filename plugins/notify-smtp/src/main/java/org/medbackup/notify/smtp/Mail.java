package org.medbackup.notify.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.ByteArrayDataSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneId;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.notify.common.Account;

/**
 * A notification as plain text. All mails of an incident refer to one that was never sent, by which mail programs have them
 * in one thread (RFC 5322, 3.6.4); the same notification always has the same id, so that two of it are one.
 */
final class Mail extends MimeMessage {

    private final String id;

    private Mail(Session session, String id) {
        super(session);
        this.id = id;
    }

    static Mail of(Notification told, Addresses addresses, Session session, ZoneId zone) throws MessagingException {
        String incident = word(told.incident());
        String domain = addresses.domain();
        String kind = told.kind().name().toLowerCase(Locale.ROOT);
        String root = "<" + incident + "@" + domain + ">";
        var mail = new Mail(session, "<" + incident + "." + kind + "." + sum(told.toString()) + "@" + domain + ">");
        Account account = Account.of(told, zone);
        mail.setFrom(addresses.from());
        mail.setRecipients(Message.RecipientType.TO, addresses.recipients());
        mail.setSubject(account.headline(), UTF_8.name());
        mail.setSentDate(Date.from(told.time()));
        mail.setHeader("In-Reply-To", root);
        mail.setHeader("References", root);
        mail.setHeader("X-MedBackup-Incident", incident);
        // RFC 3834: nobody's absence answers it.
        mail.setHeader("Auto-Submitted", "auto-generated");
        if (told.severity() == Severity.CRITICAL && told.kind() != Kind.RESOLVED) {
            mail.setHeader("Importance", "high");
            mail.setHeader("X-Priority", "1");
        }
        mail.setText(account);
        return mail;
    }

    /** By a source of bytes, since texts would need a registry of handlers that is found by the class path. */
    private void setText(Account account) throws MessagingException {
        byte[] text = (account.text() + "\nMedBackup\n").replace("\n", "\r\n").getBytes(UTF_8);
        setDataHandler(new DataHandler(new ByteArrayDataSource(text, "text/plain; charset=UTF-8")));
        setHeader("Content-Transfer-Encoding", "quoted-printable");
    }

    /** What may stand in an id as it is, or a sum of it. */
    private static String word(String incident) {
        return incident.matches("[a-z0-9-]{1,64}") ? incident : sum(incident);
    }

    private static String sum(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(sum, 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", id);
    }
}
