package org.medbackup.app.oracle.fake;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.process.Processes;

/**
 * An Oracle home: {@code rman} and {@code sqlplus} are real programs, which hand what they are told to this process and say
 * what it says. Safe for use by several threads.
 */
public final class Home implements AutoCloseable {

    /** Hands its input over, line by line, and ends with the code that it is told. */
    private static final String PROGRAM = """
        #!/bin/bash
        exec 3<>/dev/tcp/127.0.0.1/PORT || exit 1
        printf '%s\\n' "NAME $ORACLE_SID $*" >&3
        while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line" >&3; done
        printf '.\\n' >&3
        while IFS= read -r line <&3; do
          case $line in
            "exit "*) exit "${line#exit }" ;;
            *) printf '%s\\n' "$line" ;;
          esac
        done
        exit 1
        """;

    private static final Pattern ACCOUNT =
            Pattern.compile("CONNECT TARGET '([^/]*)/\"([^\"]*)\"@//([^:]+):1521/ORCL AS SYSBACKUP'");

    private final FakeDatabase database;
    private final Path folder;
    private final ServerSocket server;
    private final List<String> scripts = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Sandbox> sandboxes = new TreeMap<>();
    private final List<Sandbox> opened = new ArrayList<>();

    public Home(Path folder, FakeDatabase database) {
        this.folder = folder;
        this.database = database;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Files.createDirectories(folder.resolve("bin"));
            for (String each : List.of("rman", "sqlplus")) {
                Path file = Files.writeString(
                        folder.resolve("bin").resolve(each),
                        PROGRAM.replace("PORT", "" + server.getLocalPort()).replace("NAME", each));
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Thread.ofVirtual().start(this::serve);
    }

    public Path folder() {
        return folder;
    }

    /** What the programs were told, without their first lines. */
    public synchronized List<String> scripts() {
        return List.copyOf(scripts);
    }

    /** Program, instance and arguments of each call. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Instances that were opened, in their order. */
    public synchronized List<Sandbox> opened() {
        return List.copyOf(opened);
    }

    /** How many sandbox instances run. */
    public synchronized int running() {
        return sandboxes.size();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket;
                var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                var out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            String call = in.readLine();
            if (call == null) {
                return;
            }
            List<String> lines = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                lines.add(line);
            }
            Reply reply = reply(call, lines);
            if (reply.hangs()) {
                in.readLine();
                return;
            }
            out.print(reply.said());
            out.println("exit " + reply.exit());
        } catch (IOException gone) {
            // The program was killed.
            return;
        }
    }

    /** The same programs without processes of their own. */
    public Processes direct() {
        return new Direct(this);
    }

    /**
     * What a program says and how it ends.
     *
     * @param hangs whether it does neither
     */
    record Reply(String said, int exit, boolean hangs) {}

    Reply reply(String call, List<String> lines) {
        remember(call, lines);
        var said = new ByteArrayOutputStream();
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        int exit = 1;
        Fault fault = database.fault(faultName(call, lines));
        switch (fault) {
            case Fault.DropBefore _ -> {}
            case Fault.Hangs _ -> {
                return new Reply("", 1, true);
            }
            case Fault.Fails fails -> fail(out, new OracleError(fails.number()));
            case Fault.EndsWell fails -> {
                fail(out, new OracleError(fails.number()));
                exit = 0;
            }
            case Fault.DropAfter _ -> run(call, lines, out);
            case Fault.First first -> {
                first.action().run();
                exit = run(call, lines, out);
            }
            case null -> exit = run(call, lines, out);
        }
        return new Reply(said.toString(StandardCharsets.UTF_8), exit, false);
    }

    private synchronized void remember(String call, List<String> lines) {
        calls.add(call);
        scripts.add(String.join("\n", lines));
    }

    /** Such as {@code rman BACKUP}: the program and the first word that says what it is about. */
    private static String faultName(String call, List<String> lines) {
        String what = lines.stream()
                .map(String::strip)
                .filter(each -> each.matches("(BACKUP|VALIDATE|DELETE|RECOVER|SHUTDOWN|ALTER DATABASE RECOVER).*"))
                .findFirst()
                .orElse("");
        return call.substring(0, call.indexOf(' ')) + " " + what;
    }

    private int fail(PrintStream out, OracleError failure) {
        if (database.keeps(Rule.RMAN_NAMES_ITS_FAILURES)) {
            out.println("RMAN-00571: ===========================================================");
            out.println("RMAN-00569: =============== ERROR MESSAGE STACK FOLLOWS ===============");
            out.println("RMAN-03009: failure of command on channel mb1");
            out.println(failure.code() + ": canary words about /patients/mueller.dbf");
        }
        return 1;
    }

    private int run(String call, List<String> lines, PrintStream out) {
        String[] words = call.split(" ");
        String sid = words.length > 1 ? words[1] : "";
        out.println("Recovery Manager: Release 19.0.0.0.0 - Production");
        try {
            if (words[0].equals("rman") && !sid.startsWith("MB")) {
                target(lines, out, sid);
            } else {
                sandbox(lines, out, sid);
            }
            out.println("Recovery Manager complete.");
            return 0;
        } catch (OracleError failure) {
            return fail(out, failure);
        }
    }

    private void target(List<String> lines, PrintStream out, String sid) throws OracleError {
        Matcher account = ACCOUNT.matcher(lines.getFirst());
        if (account.matches()) {
            FakeDatabase.requireAccount(account.group(1), account.group(2));
        } else if (!lines.getFirst().equals("CONNECT TARGET \"/ AS SYSBACKUP\"") || !sid.equals("ORCL1")) {
            throw new OracleError(1017);
        }
        for (String command : commands(lines)) {
            out.println(database.rman.command(command));
        }
    }

    static List<String> commands(List<String> lines) {
        return lines.stream()
                .skip(1)
                .map(String::strip)
                .filter(each -> each.endsWith(";") && !each.equals("EXIT;"))
                .map(each -> each.substring(0, each.length() - 1))
                .toList();
    }

    private void sandbox(List<String> lines, PrintStream out, String sid) throws OracleError {
        Sandbox sandbox = instance(sid);
        for (String line : lines) {
            String command = line.strip().replaceAll(";$", "");
            String said = sandbox.command(command);
            if (said != null) {
                out.println(said);
            }
            noteState(sid, sandbox);
        }
    }

    private synchronized Sandbox instance(String sid) {
        return sandboxes.computeIfAbsent(sid, key -> new Sandbox(database));
    }

    private synchronized void noteState(String sid, Sandbox sandbox) {
        if (sandbox.isOpen() && !opened.contains(sandbox)) {
            opened.add(sandbox);
        }
        if (sandbox.isDown()) {
            sandboxes.remove(sid);
        }
    }

    /** Where a program is taken away. */
    public void remove(String program) {
        try {
            Files.deleteIfExists(folder.resolve("bin").resolve(program));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The last data that a sandbox was opened on. */
    public synchronized @Nullable Bank data() {
        return opened.isEmpty() ? null : opened.getLast().bank();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
