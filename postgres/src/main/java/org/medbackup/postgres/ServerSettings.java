package org.medbackup.postgres;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a server is started.
 *
 * @param log file that takes what it says; its folder exists
 * @param parameters configuration parameters that win over every configuration file of the cluster; {@code port} fixes
 *     the port, otherwise a free one is taken
 * @param access lines that stand in for the cluster's own {@code pg_hba.conf}; none leaves that in force
 * @param folders folders beside the data directory that it writes to, such as tablespaces
 * @param run folder that its socket's folder is made in where its account may enter it and its name is short enough for sockets;
 *     null for the one for temporary files
 */
public record ServerSettings(
        Path log,
        Map<String, String> parameters,
        List<String> access,
        List<Path> folders,
        @Nullable Path run) {

    public ServerSettings {
        parameters = Map.copyOf(parameters);
        access = List.copyOf(access);
        folders = List.copyOf(folders);
    }

    /** With its socket in the folder for temporary files. */
    public ServerSettings(Path log, Map<String, String> parameters, List<String> access, List<Path> folders) {
        this(log, parameters, access, folders, null);
    }

    /** A server as its cluster is configured, but on a free loopback port. */
    public static ServerSettings loggingTo(Path log) {
        return new ServerSettings(log, Map.of(), List.of(), List.of());
    }

    /** The same with one parameter more. */
    public ServerSettings with(String parameter, String value) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.put(parameter, value);
        return new ServerSettings(log, more, access, folders, run);
    }

    /** The same with parameters more. */
    public ServerSettings with(Map<String, String> further) {
        Map<String, String> more = new TreeMap<>(parameters);
        more.putAll(further);
        return new ServerSettings(log, more, access, folders, run);
    }

    /** The same with rules of its own about who may connect, in the form of {@code pg_hba.conf}. */
    public ServerSettings withAccess(String... lines) {
        return new ServerSettings(log, parameters, List.of(lines), folders, run);
    }

    /** The same with one folder more. */
    public ServerSettings withFolder(Path folder) {
        List<Path> more = new ArrayList<>(folders);
        more.add(folder);
        return new ServerSettings(log, parameters, access, more, run);
    }

    /** The same with its socket below a folder, where that can be. */
    public ServerSettings runningBelow(Path folder) {
        return new ServerSettings(log, parameters, access, folders, folder);
    }
}
