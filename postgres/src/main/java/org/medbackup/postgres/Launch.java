package org.medbackup.postgres;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes.Running;
import org.medbackup.core.spi.app.ApplicationProvider.Outside;

/** Everything with which one server is started. */
record Launch(
        PostgresInstallation installation,
        Path dataFolder,
        ServerSettings settings,
        Outside outside,
        Account account,
        RunFolder run) {

    private static final Duration SIGNALLED = Duration.ofSeconds(10);

    static Launch of(PostgresInstallation installation, Path dataFolder, ServerSettings settings, Outside outside) {
        Account account = Account.ownerOf(dataFolder);
        account.requireAccess(dataFolder);
        account.requireAccess(installation.requireTool("postgres"));
        for (Path folder : settings.folders()) {
            account.adopt(folder);
            account.requireAccess(folder);
        }
        return new Launch(
                installation,
                dataFolder,
                settings,
                outside,
                account,
                RunFolder.create(account, settings.access(), settings.run()));
    }

    Optional<Integer> fixedPort() {
        return Optional.ofNullable(settings.parameters().get("port")).map(Integer::valueOf);
    }

    TimeSource time() {
        return outside.time();
    }

    ServerLog log() {
        return ServerLog.from(settings.log());
    }

    Running start(int port) {
        List<String> words = new ArrayList<>(List.of("-D", dataFolder.toString()));
        parameters(port).forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
        return outside.processes()
                .start(command("postgres", words.toArray(String[]::new)).writingTo(settings.log()));
    }

    private Map<String, String> parameters(int port) {
        Map<String, String> all = new TreeMap<>(settings.parameters());
        all.put("port", Integer.toString(port));
        // A configuration file may name another data directory, that of production for one; this word wins.
        all.put("data_directory", dataFolder.toString());
        if (!Files.exists(dataFolder.resolve("postgresql.conf"))) {
            all.putIfAbsent("config_file", run.empty().toString());
        }
        all.put("listen_addresses", "127.0.0.1");
        all.put("unix_socket_directories", run.folder().toString());
        // The log goes where its reader looks, in words that it knows.
        all.put("logging_collector", "off");
        all.put("log_destination", "stderr");
        all.put("log_line_prefix", ServerLog.LINE_PREFIX);
        all.put("lc_messages", "C");
        if (!settings.access().isEmpty()) {
            all.put("hba_file", run.accessRules().toString());
            all.put("ident_file", run.empty().toString());
        }
        return all;
    }

    void signal(String signal, long pid) {
        // pg_ctl knows every signal by name on every system; a JVM can send TERM and KILL only.
        outside.processes()
                .run(command("pg_ctl", "kill", signal, Long.toString(pid)).within(SIGNALLED));
    }

    Command command(String program, String... arguments) {
        List<String> words = new ArrayList<>();
        words.add(installation.requireTool(program).toString());
        words.addAll(List.of(arguments));
        // The root folder as working directory: the account may not be able to enter ours.
        return Command.of(words).prefixed(account.prefix()).in(Path.of("/"));
    }
}
