package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** The built program, started as a process by its launcher, with outputs in files. */
final class Program {

    static final String PASSWORD = "correct horse battery staple";
    private static final int PATIENCE = 120;
    /** A shell that starts something in its background has it ignore SIGINT; what inherits that must not. */
    private static final List<String> SIGNALS = List.of("env", "--default-signal=INT,TERM");

    final Path folder;
    private final Path launcher;
    private final List<String> before;
    private final Map<String, String> environment = new TreeMap<>();
    /** Of all programs: two that run at once write to files of their own. */
    private static final AtomicInteger CALLS = new AtomicInteger();

    Program(Path folder) {
        this(folder, Modules.ROOT.resolve("medbackup"), SIGNALS);
    }

    /** The program of an installation, by its launcher or a link to it. */
    static Program installed(Path folder, Path launcher) {
        return new Program(folder, launcher, SIGNALS);
    }

    private Program(Path folder, Path launcher, List<String> before) {
        this.folder = folder;
        this.launcher = launcher;
        this.before = before;
        environment.put("MEDBACKUP_REPO", folder.resolve("repository").toString());
        environment.put("MEDBACKUP_PASSWORD", PASSWORD);
        environment.put("MEDBACKUP_STATE", folder.resolve("state").toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOME", folder.toString());
        environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        environment.put("PATH", System.getenv("PATH"));
    }

    /** Makes a repository; the program works on it by a configuration, with its owner's key in place of a password. */
    static Program ofOwner(Path folder, Path repository, Path configuration) {
        Path key = folder.resolve("owner.key");
        try (var product = new Product(folder, repository)) {
            product.initWithOwnerKey(key);
        }
        return new Program(folder)
                .without("MEDBACKUP_REPO")
                .without("MEDBACKUP_PASSWORD")
                .with("MEDBACKUP_KEY_FILE", key.toString())
                .with("MEDBACKUP_CONFIG", configuration.toString());
    }

    /** The program as an account without any privilege starts it, by a launcher that this account can read. */
    static Program unprivileged(Path folder, Path launcher, int account) {
        String id = Integer.toString(account);
        return new Program(
                folder,
                launcher,
                List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs"));
    }

    /** The same program, started by another one that its command line is given to. */
    Program inside(List<String> starter) {
        var all = new ArrayList<>(before);
        all.addAll(starter);
        var other = new Program(folder, launcher, all);
        other.environment.putAll(environment);
        return other;
    }

    /** Copies what the program needs to run, without the sources, and has it start quickly there. */
    static Path install(Path to) throws IOException {
        copy(to);
        try {
            Process prepared =
                    new ProcessBuilder(to.resolve("dev/prepare-start").toString()).start();
            assertThat(prepared.waitFor()).isZero();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        return to;
    }

    /** Copies what the program needs to run; to prepare its start takes as long as some starts without. */
    static Path copy(Path to) throws IOException {
        Path lib = Files.createDirectories(to.resolve("cli/target/dist/lib"));
        Files.createDirectories(to.resolve("dev"));
        for (String file : List.of("medbackup", "dev/find-jdk", "dev/start", "dev/prepare-start")) {
            Files.copy(Modules.ROOT.resolve(file), to.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        try (var jars = Files.list(Modules.ROOT.resolve("cli/target/dist/lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return to;
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Program without(String variable) {
        environment.remove(variable);
        return this;
    }

    /** A call that goes on. */
    record Running(Process process, Path out, Path err) {

        Ended end() {
            try {
                assertThat(process.waitFor(PATIENCE, TimeUnit.SECONDS))
                        .as("it ends")
                        .isTrue();
                return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            } finally {
                process.destroyForcibly();
            }
        }

        void signal(String name) {
            try {
                Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
                assertThat(kill.waitFor()).isZero();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    /** A call that is over. */
    record Ended(int code, String out, String err) {

        Ended with(int expected) {
            assertThat(code).as("exit code; %s%s", out, err).isEqualTo(expected);
            return this;
        }

        JsonValue.Members json() {
            return Json.parseMembers(out);
        }
    }

    Running start(String... arguments) {
        var command = new ArrayList<>(before);
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        int call = CALLS.incrementAndGet();
        Path out = folder.resolveSibling(folder.getFileName() + "-out-" + call);
        Path err = folder.resolveSibling(folder.getFileName() + "-err-" + call);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return new Running(builder.start(), out, err);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Ended run(String... arguments) {
        return start(arguments).end();
    }
}
