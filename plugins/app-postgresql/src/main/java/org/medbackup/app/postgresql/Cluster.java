package org.medbackup.app.postgresql;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.spi.app.Application.Discovery;

/**
 * What is known of a server and its cluster.
 *
 * @param version such as {@code 18.6}
 * @param versionNumber such as {@code 180006}
 * @param state what must stay the same during a backup
 * @param catalogVersion part of the name of a tablespace's folder
 * @param superuser the role that {@code initdb} made
 * @param settings configuration parameters that this session may see
 * @param tablespaces those outside the data directory
 * @param bin folder of the server's programs, or null where we may not know
 * @param checkpointDebt bytes of log since the last checkpoint: a bound for what the next one has to write
 */
record Cluster(
        String version,
        int versionNumber,
        State state,
        String catalogVersion,
        String superuser,
        Map<String, String> settings,
        List<Tablespace> tablespaces,
        @Nullable String bin,
        long checkpointDebt) {

    Cluster {
        settings = Map.copyOf(settings);
        tablespaces = List.copyOf(tablespaces);
    }

    /**
     * What must stay the same during a backup.
     *
     * @param systemIdentifier of the cluster, as unsigned decimal number
     * @param timeline changes when a standby takes over
     * @param inRecovery whether it is a standby
     */
    record State(String systemIdentifier, int timeline, boolean inRecovery) {}

    /** A tablespace and where it lies. */
    record Tablespace(long oid, String name, Path location) {}

    int major() {
        return versionNumber / 10_000;
    }

    /** The data directory, or null where the role may not see it. */
    @Nullable
    Path dataDirectory() {
        String folder = settings.get("data_directory");
        return folder == null ? null : Path.of(folder);
    }

    int walSegmentSize() {
        return Integer.parseInt(settings.getOrDefault("wal_segment_size", "16777216"));
    }

    /** Name of the one folder of a tablespace that belongs to this cluster's version. */
    String tablespaceFolder() {
        return "PG_" + major() + "_" + catalogVersion;
    }

    /**
     * What was found.
     *
     * @param member the server's name in its cluster, empty where it has none
     */
    Discovery discovery(String database, String member) {
        var facts = new TreeMap<String, String>();
        if (!member.isEmpty()) {
            facts.put("patroni_member", member);
        }
        facts.put("server_version_num", Integer.toString(versionNumber));
        facts.put("system_identifier", state.systemIdentifier());
        facts.put("timeline", Integer.toString(state.timeline()));
        facts.put("in_recovery", Boolean.toString(state.inRecovery()));
        facts.put("superuser", superuser);
        facts.put("database", database);
        facts.put("checkpoint_debt_bytes", Long.toString(checkpointDebt));
        settings.forEach(
                (name, value) -> facts.put(ClusterQuery.TOP_LEVEL.contains(name) ? name : "setting." + name, value));
        tablespaces.forEach(
                each -> facts.put("tablespace." + each.oid(), each.location().toString()));
        if (bin != null) {
            facts.put("bin", bin);
        }
        return new Discovery(version, state.systemIdentifier(), facts);
    }
}
