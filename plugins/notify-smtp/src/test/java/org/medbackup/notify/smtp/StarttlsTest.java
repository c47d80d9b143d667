package org.medbackup.notify.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.medbackup.core.TimeSource;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.NotificationChannel;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.ChannelContract;

/** Mail over STARTTLS, with GreenMail. */
class StarttlsTest extends SmtpContract {

    @Override
    String kind() {
        return "smtp";
    }

    private static Notification some(Kind kind, Severity severity) {
        return ChannelContract.notification("target-1", kind, severity, "Das Archiv antwortet nicht – höchste Zeit");
    }

    private List<MimeMessage> send(Notification... all) {
        try (NotificationChannel channel =
                provider().open(taking().with("zone", "Europe/Berlin"), TimeSource.system())) {
            for (Notification each : all) {
                assertThat(channel.send(each)).startsWith("250");
            }
        }
        return mails();
    }

    @Test
    void aMailIsPlainTextThatSaysWhatToDo() throws MessagingException, IOException {
        Notification told = some(Kind.OPENED, Severity.CRITICAL);
        MimeMessage mail = send(told).getFirst();

        assertThat(mail.getSubject()).isEqualTo("[CRITICAL] Das Archiv antwortet nicht – höchste Zeit");
        assertThat(mail.getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat(mail.getSentDate()).isEqualTo(Date.from(told.time()));
        assertThat(header(mail, "From")).isEqualTo("MedBackup <backup@clinic.example>");
        assertThat(header(mail, "To")).isEqualTo("duty@clinic.example");
        assertThat(header(mail, "Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(header(mail, "Importance")).isEqualTo("high");
        assertThat((String) mail.getContent())
                .contains("What failed  Das Archiv antwortet nicht – höchste Zeit\r\n")
                .contains("Held up      laboratory, pacs\r\n")
                .contains("What to do   Look whether the target runs: `medbackup target probe archive`.\r\n")
                .containsPattern("Since +\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d CES?T \\(2 h 10 min ago\\)");
    }

    @Test
    void allMailsOfAnIncidentAreOneThreadAndARepetitionIsTheSameMail() {
        Notification opened = some(Kind.OPENED, Severity.ERROR);
        List<MimeMessage> mails =
                send(opened, opened, some(Kind.RAISED, Severity.CRITICAL), some(Kind.RESOLVED, Severity.CRITICAL));

        assertThat(mails).extracting(mail -> header(mail, "References")).containsOnly("<target-1@clinic.example>");
        assertThat(mails).extracting(mail -> header(mail, "In-Reply-To")).containsOnly("<target-1@clinic.example>");
        List<String> ids =
                mails.stream().map(mail -> header(mail, "Message-ID")).toList();
        assertThat(ids.get(0)).isEqualTo(ids.get(1)).matches("<target-1\\.opened\\.[0-9a-f]{24}@clinic\\.example>");
        Set<String> different = new HashSet<>(ids);
        assertThat(different).hasSize(3);
        assertThat(header(mails.getLast(), "Importance")).isEmpty();
        assertThat(subject(mails.getLast())).startsWith("[RESOLVED] ");
    }

    @Test
    void everybodyIsTold() {
        try (NotificationChannel channel = provider()
                .open(
                        new Connection(
                                taking().address(),
                                new TreeMap<>(Map.of(
                                        "from", "backup@clinic.example",
                                        "to", "duty@clinic.example, backup@clinic.example",
                                        "user", "backup",
                                        "ca", identity.certificate().toString())),
                                taking().secrets()),
                        TimeSource.system())) {
            assertThat(channel.description()).contains("2 addresses");
            channel.send(some(Kind.OPENED, Severity.ERROR));
        }
        assertThat(mails()).hasSize(2);
    }

    @Test
    void anIncidentWhoseNameIsNoneIsOneThreadToo() {
        Notification odd = ChannelContract.notification("Odd >\r\n@", Kind.OPENED, Severity.ERROR, "x");
        MimeMessage mail = send(odd).getFirst();
        assertThat(header(mail, "References")).matches("<[0-9a-f]{24}@clinic\\.example>");
    }
}
