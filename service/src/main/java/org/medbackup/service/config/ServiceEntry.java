package org.medbackup.service.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.control.Role;
import org.medbackup.control.TlsFiles;

/**
 * How the daemon works.
 *
 * @param database URL of a PostgreSQL that several workers share; empty for a file in the state folder
 * @param user role that owns the tables there
 * @param password of it; null for none
 * @param worker name of this process among the workers; empty for the host's name
 * @param runs how many jobs it does at once
 * @param perHost how many jobs read one host at once
 * @param perTarget how many jobs write to one target at once
 * @param listen host and port of the control API; empty where there is none
 * @param tls certificates of the control API; null where it shows metrics and health to this machine only
 * @param roles who may do what there, by the subject of the certificate
 * @param traces where traces are sent to (OTLP over HTTP); empty for nowhere
 * @param sinks receivers of the audit trail
 */
public record ServiceEntry(
        String database,
        String user,
        @Nullable SecretReference password,
        String worker,
        int runs,
        int perHost,
        int perTarget,
        String listen,
        @Nullable TlsFiles tls,
        Map<String, Set<Role>> roles,
        String traces,
        List<AuditSinkEntry> sinks) {

    /** How many jobs a worker does at once where the configuration says nothing. */
    public static final int RUNS = 4;

    /** How many jobs write to one target at once where the configuration says nothing. */
    public static final int PER_TARGET = 2;

    public ServiceEntry {
        roles = Collections.unmodifiableMap(new TreeMap<>(roles));
        sinks = List.copyOf(sinks);
    }

    /** Without a section in the file. */
    public static ServiceEntry none() {
        return new ServiceEntry("", "", null, "", RUNS, 1, PER_TARGET, "", null, Map.of(), "", List.of());
    }
}
