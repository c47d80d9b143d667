package org.medbackup.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;

/**
 * The sshd of OpenSSH for tests, with keys of its own, on the loopback address, as a child of this process. It lets in the
 * account of this process with one key. It and its sessions end when it is closed. {@code dev/install-test-tools} installs
 * it; a test that starts one is skipped where it is not.
 */
public final class SftpServer implements AutoCloseable {

    /** Made by root where sshd separates privileges. */
    private static final Path SEPARATION = Path.of("/run/sshd");

    private static final int STARTS_TRIED = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final int port;
    private final Processes.Running process;

    private SftpServer(Path folder, int port, Processes.Running process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one. */
    public static SftpServer start(Path folder) {
        return start(folder, "");
    }

    /**
     * Starts one.
     *
     * @param folder for its keys, its configuration and its log; keys that are there stay
     * @param options of its SFTP server, such as {@code -P hardlink} for one without hard links, or {@code -R}
     */
    public static SftpServer start(Path folder, String options) {
        return start(folder, options, 0);
    }

    /** Starts one at a port, or at any where it is 0. */
    public static SftpServer start(Path folder, String options, int port) {
        Path program = LocalServer.program("sshd");
        try {
            prepare(Files.createDirectories(folder.toAbsolutePath()));
            if ("root".equals(System.getProperty("user.name"))) {
                Files.createDirectories(SEPARATION);
            }
            for (int tried = 1; ; tried++) {
                int at = port == 0 ? SilentServer.absentPort() : port;
                var server = new SftpServer(folder, at, launch(program, folder.toAbsolutePath(), options, at));
                if (LocalServer.await(() -> !server.process.isAlive() || LocalServer.answers(at))
                        && server.process.isAlive()) {
                    return server;
                }
                server.close();
                if (tried == STARTS_TRIED) {
                    throw new IllegalStateException("sshd did not start: " + LocalServer.text(folder.resolve("log")));
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void prepare(Path folder) throws IOException {
        makeKey(folder.resolve("host_key"));
        makeKey(folder.resolve("key"));
        Files.copy(
                folder.resolve("key.pub"),
                folder.resolve("authorized_keys"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a key and, with {@code .pub}, its public half. */
    public static void makeKey(Path file) throws IOException {
        if (!Files.exists(file)) {
            Completed made = Processes.system()
                    .run(Command.of(
                            "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", file.toString()));
            if (!made.succeeded()) {
                throw new IllegalStateException("no key was made: " + made.errors());
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static Processes.Running launch(Path program, Path folder, String options, int port) throws IOException {
        String[] key = Files.readString(folder.resolve("host_key.pub")).split(" ");
        Files.writeString(folder.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + key[0] + " " + key[1] + "\n");
        Files.write(
                folder.resolve("configuration"),
                List.of(
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + folder.resolve("host_key"),
                        "AuthorizedKeysFile " + folder.resolve("authorized_keys"),
                        "PidFile none",
                        "StrictModes no",
                        "UsePAM no",
                        "PasswordAuthentication no",
                        "KbdInteractiveAuthentication no",
                        "PermitRootLogin prohibit-password",
                        "MaxStartups 100",
                        ("Subsystem sftp internal-sftp " + options).strip()));
        List<String> command = List.of(
                program.toString(),
                "-D",
                "-e",
                "-f",
                folder.resolve("configuration").toString());
        return Processes.system()
                .start(Command.of(command)
                        .prefixed(List.of("setpriv", "--pdeathsig", "KILL"))
                        .writingTo(folder.resolve("log")));
    }

    /** Its port on loopback. */
    public int port() {
        return port;
    }

    /** The file with the private key that it lets in. */
    public Path key() {
        return folder.resolve("key");
    }

    /** A file with its host key, as clients know it; written at the start. */
    public Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    /** The location of a folder, with the files of its key and of its host key. */
    public String location(Path place) {
        return "sftp://" + System.getProperty("user.name") + "@127.0.0.1:" + port + place.toAbsolutePath() + "?key="
                + key() + "&known-hosts=" + knownHosts();
    }

    private List<ProcessHandle> sessions() {
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
    }

    /** How many processes serve sessions. */
    public int serving() {
        return sessions().size();
    }

    /** Ends all sessions at once, as a cut of the network would; new ones are taken. */
    public void cut() {
        sessions().forEach(ProcessHandle::destroyForcibly);
    }

    /** Lets it do nothing more, with all its sessions, while their connections stay. */
    public void suspend() {
        signal("-STOP");
    }

    /** Lets it go on. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        Stream<Long> all =
                Stream.concat(Stream.of(process.pid()), sessions().stream().map(ProcessHandle::pid));
        var command = new ArrayList<>(List.of("kill", signal));
        all.forEach(each -> command.add(Long.toString(each)));
        // One of them may have ended meanwhile.
        Processes.system().run(Command.of(command));
    }

    /** Ends it and its sessions at once, as a power cut would. Idempotent. */
    public void kill() {
        List<ProcessHandle> all = sessions();
        process.close();
        process.await(PATIENCE);
        all.forEach(ProcessHandle::destroyForcibly);
    }

    /** The same. */
    @Override
    public void close() {
        kill();
    }
}
