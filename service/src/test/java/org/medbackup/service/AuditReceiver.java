package org.medbackup.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.medbackup.testkit.LocalServer;
import org.medbackup.testkit.TlsIdentity;

/** rsyslog as a receiver of the audit trail: over TLS it wants a certificate of one client. It keeps what arrives as it arrives. */
final class AuditReceiver {

    private final Path folder;
    private final TlsIdentity me;
    private final TlsIdentity client;
    private final int tls;
    private final int clear;
    private final String versions;

    /** @param versions of TLS, as GnuTLS names them, such as {@code +VERS-TLS1.3} */
    AuditReceiver(Path folder, TlsIdentity me, TlsIdentity client, int tls, int clear, String versions) {
        this.folder = folder;
        this.me = me;
        this.client = client;
        this.tls = tls;
        this.clear = clear;
        this.versions = versions;
    }

    LocalServer start() {
        try {
            Path program = LocalServer.program("rsyslogd");
            Files.createDirectories(folder);
            Path config = Files.writeString(folder.resolve("rsyslog.conf"), """
                    global(workDirectory="%1$s" maxMessageSize="128k"
                        defaultNetstreamDriverCAFile="%2$s"
                        defaultNetstreamDriverCertFile="%3$s"
                        defaultNetstreamDriverKeyFile="%4$s")
                    module(load="imtcp")
                    template(name="raw" type="string" string="%%rawmsg%%\\n")
                    input(type="imtcp" address="127.0.0.1" port="%5$d"
                        streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/certvalid"
                        gnutlsPriorityString="NORMAL:-VERS-ALL:%7$s")
                    input(type="imtcp" address="127.0.0.1" port="%6$d")
                    :app-name, isequal, "medbackup" action(type="omfile" file="%1$s/messages" template="raw")
                    """.formatted(
                            folder, client.certificate(), me.certificate(), me.key(), tls, clear, versions));
            return LocalServer.start(
                    folder.resolve("log"),
                    List.of(
                            program.toString(),
                            "-n",
                            "-f",
                            config.toString(),
                            "-i",
                            folder.resolve("pid").toString()),
                    () -> LocalServer.answers(clear) && LocalServer.answers(tls));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What has arrived, in its order. */
    List<String> messages() {
        return LocalServer.text(folder.resolve("messages")).lines().toList();
    }
}
