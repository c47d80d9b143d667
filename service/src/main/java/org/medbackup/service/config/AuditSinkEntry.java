package org.medbackup.service.config;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.audit.export.AuditFormat;
import org.medbackup.core.syslog.SyslogServer;

/**
 * A receiver of the audit trail.
 *
 * @param format in which it gets entries
 * @param to {@code syslog+tls://HOST:PORT} or {@code syslog+tcp://HOST:PORT}
 * @param ca PEM file of the only authorities to trust; null for those of the JDK
 * @param certificate PEM file of our certificate; null where we show none
 * @param key PEM file of its key; null where we show none
 */
public record AuditSinkEntry(
        AuditFormat format,
        URI to,
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {

    private static final String CLEAR = "syslog+tcp";
    private static final int CLEAR_PORT = 514;

    /** Whether it is spoken to without TLS. */
    public boolean isClear() {
        return CLEAR.equals(to.getScheme());
    }

    /** Where it listens. */
    public int port() {
        int otherwise = isClear() ? CLEAR_PORT : SyslogServer.OVER_TLS;
        return to.getPort() < 0 ? otherwise : to.getPort();
    }
}
