package org.medbackup.service.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.service.config.ConfigurationFile.Reading;

/** What the configuration says of receivers of the audit trail, and what is said of one that cannot be. */
class AuditSectionTest {

    @TempDir
    Path temp;

    private Reading read(String text) throws IOException {
        return new ConfigurationFile(List.of(), Map.of())
                .read(Files.writeString(temp.resolve("medbackup.yaml"), text.replace("$", temp.toString())));
    }

    private List<String> findings(String sinks) throws IOException {
        return read("audit: {export: [" + sinks + "]}").findings().stream()
                .map(each -> each.severity() + " " + each.key() + ": " + each.message())
                .toList();
    }

    @Test
    void receiversAreReadWithTheirFiles() throws IOException {
        for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.writeString(temp.resolve(name), "");
        }
        Configuration read = Objects.requireNonNull(read("""
                audit:
                  export:
                    - format: atna
                      to: syslog+tls://arr.clinic.example
                      ca: $/ca.pem
                      certificate: $/cert.pem
                      key: $/key.pem
                    - {format: cef, to: "syslog+tcp://[::1]"}
                """).configuration());
        List<AuditSinkEntry> sinks = read.service().sinks();
        assertThat(sinks).extracting(AuditSinkEntry::format).containsExactly(AuditFormat.ATNA, AuditFormat.CEF);
        assertThat(sinks).extracting(AuditSinkEntry::port).containsExactly(6514, 514);
        assertThat(sinks).extracting(AuditSinkEntry::isClear).containsExactly(false, true);
        assertThat(sinks.getFirst().key()).isEqualTo(temp.resolve("key.pem"));
        assertThat(sinks.getLast().ca()).isNull();
        assertThat(read.values())
                .extracting(Configuration.Value::key)
                .contains("audit.export[0].to", "audit.export[1].format");
    }

    @Test
    void whatCannotBeIsSaidWithItsLine() throws IOException {
        assertThat(findings("{format: leef, to: \"syslog+tls://a\"}"))
                .singleElement()
                .asString()
                .contains("format");
        assertThat(findings("{format: cef, to: \"http://a\"}")).isNotEmpty();
        assertThat(findings("{format: cef}")).isNotEmpty();
        assertThat(findings("{format: cef, to: \"syslog+tls://a\", key: /k}")).isNotEmpty();
        assertThat(findings("{format: cef, to: \"syslog+tls://a:0\"}"))
                .containsExactly("ERROR audit.export[0].to: it names no host, or no port");
        assertThat(findings("{format: cef, to: \"syslog+tls://a..b:99999\"}"))
                .containsExactly("ERROR audit.export[0].to: it names no host, or no port");
        assertThat(findings("{format: cef, to: \"syslog+tls://a\"}, {format: cef, to: \"syslog+tls://a\"}"))
                .containsExactly("ERROR audit.export[1]: the same stands there twice");
        assertThat(findings("{format: cef, to: \"syslog+tcp://a\", ca: /no/such}"))
                .containsExactly(
                        "ERROR audit.export[0]: certificates are of no use without TLS",
                        "WARNING audit.export[0].ca: the file is not there, or cannot be read");
    }
}
