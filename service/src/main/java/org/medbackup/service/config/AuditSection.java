package org.medbackup.service.config;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** To whom the daemon sends the audit trail. */
final class AuditSection {

    private static final String AT = "/audit";
    private static final String EXPORT = "export";
    private static final int HIGHEST_PORT = 0xffff;

    private AuditSection() {}

    static List<AuditSinkEntry> sinks(DocumentValues values, Members root) {
        List<AuditSinkEntry> sinks = new ArrayList<>();
        DocumentValues.items(DocumentValues.members(root, "audit"), AT, EXPORT, (at, entry) -> {
            String format = entry.text("format");
            String to = entry.text("to");
            values.keep(at + "/format", format);
            values.keep(at + "/to", to);
            sinks.add(new AuditSinkEntry(
                    AuditFormat.of(format),
                    URI.create(to),
                    path(values, entry, at, "ca"),
                    path(values, entry, at, "certificate"),
                    path(values, entry, at, "key")));
        });
        return List.copyOf(sinks);
    }

    private static @Nullable Path path(DocumentValues values, Members entry, String at, String name) {
        String text = values.text(entry, at, name);
        return text == null ? null : Path.of(text);
    }

    static List<Finding> check(Yaml yaml, Configuration configuration) {
        List<Finding> findings = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<AuditSinkEntry> sinks = configuration.service().sinks();
        for (int i = 0; i < sinks.size(); i++) {
            AuditSinkEntry sink = sinks.get(i);
            String at = AT + "/" + EXPORT + "/" + i;
            if (sink.to().getHost() == null || sink.port() == 0 || sink.port() > HIGHEST_PORT) {
                findings.add(finding(
                        yaml,
                        Severity.ERROR,
                        at + "/to",
                        "it names no host, or no port",
                        "Write syslog+tls://HOST:PORT with a port from 1 to 65535."));
            }
            if (!seen.add(sink.format() + " " + sink.to())) {
                findings.add(
                        finding(yaml, Severity.ERROR, at, "the same stands there twice", "Take one of the two out."));
            }
            if (sink.isClear() && (sink.ca() != null || sink.certificate() != null)) {
                findings.add(finding(
                        yaml,
                        Severity.ERROR,
                        at,
                        "certificates are of no use without TLS",
                        "Write syslog+tls, or take ca, certificate and key out."));
            }
            file(yaml, at + "/ca", sink.ca(), findings);
            file(yaml, at + "/certificate", sink.certificate(), findings);
            file(yaml, at + "/key", sink.key(), findings);
        }
        return findings;
    }

    private static void file(Yaml yaml, String at, @Nullable Path file, List<Finding> findings) {
        if (file != null && !Files.isReadable(file)) {
            findings.add(finding(
                    yaml,
                    Severity.WARNING,
                    at,
                    "the file is not there, or cannot be read",
                    "Put it there before `serve` is started."));
        }
    }

    private static Finding finding(Yaml yaml, Severity severity, String at, String message, String remedy) {
        return new Finding(severity, yaml.at(at).line(), Keys.dotted(at), message, remedy);
    }
}
