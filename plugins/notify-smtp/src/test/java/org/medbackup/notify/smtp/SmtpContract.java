package org.medbackup.notify.smtp;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.Secret;
import org.medbackup.core.spi.app.Connection;
import org.medbackup.core.spi.notify.ChannelProvider;
import org.medbackup.testkit.ChannelContract;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.SilentServer;
import org.medbackup.testkit.TlsIdentity;

/** GreenMail as the mail server of the contract, over one of the two ways of TLS; it does not know STARTTLS itself. */
abstract class SmtpContract implements ChannelContract {

    static final String PASSWORD = "canary-password";

    @TempDir
    static Path folder;

    static TlsIdentity identity;

    private final SilentServer silent = SilentServer.start();
    private GreenMail greenMail;
    private StarttlsFront front;
    private int port;

    /** {@code smtp} or {@code smtps}. */
    abstract String kind();

    @BeforeAll
    static void makeIdentity() {
        identity = TlsIdentity.make(folder.resolve("id"), TlsIdentity.LOOPBACK);
    }

    @BeforeEach
    void startGreenMail() {
        System.setProperty("greenmail.tls.keystore.file", identity.store().toString());
        System.setProperty("greenmail.tls.keystore.password", TlsIdentity.PASSWORD);
        greenMail = new GreenMail(new ServerSetup(0, "127.0.0.1", kind()));
        greenMail.start();
        greenMail.setUser("duty@clinic.example", "duty", "x");
        greenMail.setUser("backup@clinic.example", "backup", PASSWORD);
        int behind = (kind().equals("smtp") ? greenMail.getSmtp() : greenMail.getSmtps()).getPort();
        front = StarttlsFront.start(identity.server(), behind);
        port = kind().equals("smtp") ? front.port() : behind;
    }

    @AfterEach
    void stop() {
        if (greenMail != null) {
            greenMail.stop();
        }
        if (front != null) {
            front.close();
        }
        silent.close();
    }

    Connection at(int port, int seconds, String password) {
        return new Connection(
                URI.create(kind() + "://127.0.0.1:" + port),
                new TreeMap<>(Map.of(
                        "from", "MedBackup <backup@clinic.example>",
                        "to", "duty@clinic.example",
                        "user", "backup",
                        "timeout", Integer.toString(seconds),
                        "ca", identity.certificate().toString())),
                Map.of("password", Secret.ofText(password)));
    }

    List<MimeMessage> mails() {
        return Arrays.asList(greenMail.getReceivedMessages());
    }

    @Override
    public ChannelProvider provider() {
        return new SmtpProvider();
    }

    @Override
    public Connection taking() {
        return at(port, 20, PASSWORD);
    }

    @Override
    public List<String> arrived(String incident) {
        LocalServer.await(() -> !subjects(incident).isEmpty());
        return subjects(incident);
    }

    private List<String> subjects(String incident) {
        return mails().stream()
                .filter(mail -> header(mail, "X-MedBackup-Incident").equals(incident))
                .map(SmtpContract::subject)
                .map(subject -> subject.replaceFirst("^\\[[A-Z]+\\] ", ""))
                .toList();
    }

    static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (MessagingException failed) {
            throw new IllegalStateException(failed);
        }
    }

    static String header(MimeMessage mail, String name) {
        try {
            String[] values = mail.getHeader(name);
            return values == null ? "" : String.join("|", values);
        } catch (MessagingException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public int count() {
        return mails().size();
    }

    @Override
    public Connection refusing() {
        return at(port, 20, "canary-wrong");
    }

    @Override
    public Connection silent() {
        return at(silent.port(), 1, PASSWORD);
    }

    @Override
    public Connection absent() {
        return at(SilentServer.absentPort(), 2, PASSWORD);
    }

    @Override
    public List<String> secrets() {
        return List.of("canary");
    }
}
