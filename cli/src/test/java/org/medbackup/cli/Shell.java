package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;

/** Calls the program in this process, as a shell would: arguments and an environment in, outputs and a code out. */
final class Shell {

    static final String PASSWORD = "correct horse battery staple";

    private static final Map<String, byte[]> NEW = made();

    final Path folder;
    final Map<String, String> environment = new HashMap<>();

    Shell(Path folder) {
        this.folder = folder;
        environment.put("MEDBACKUP_REPO", repository().toString());
        environment.put("MEDBACKUP_PASSWORD", PASSWORD);
        environment.put("MEDBACKUP_STATE", folder.resolve("state").toString());
    }

    Path repository() {
        return folder.resolve("repository");
    }

    Path source() {
        return folder.resolve("source");
    }

    Path write(String name, String text) {
        return write(source().resolve(name), text);
    }

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What a call printed, and its exit code. */
    record Ran(int code, String out, String err) {

        Ran endsWith(int expected) {
            assertThat(code).as("exit code; %s%s", out, err).isEqualTo(expected);
            return this;
        }

        /** The only document on standard output. */
        JsonValue.Members json() {
            assertThat(out).endsWith("}\n");
            return Json.parseMembers(out);
        }

        /** The code of the failure that was printed as the only document. */
        String error() {
            JsonValue.Members json = json();
            assertThat(json.values())
                    .containsEntry("ok", new JsonValue.Truth(false))
                    .containsKey("error");
            JsonValue.Members error = json.members("error");
            assertThat(error.values().keySet()).containsExactly("code", "message", "remedy");
            assertThat(error.text("message")).isNotBlank();
            assertThat(error.text("remedy")).endsWith(".");
            return error.text("code");
        }

        /** One line says what is wrong, one what to do. */
        Ran saysWhatIsWrong(String... words) {
            assertThat(out).isEmpty();
            List<String> lines = err.lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst()).startsWith("medbackup: ").contains(words);
            assertThat(lines.getLast()).startsWith("  ").endsWith(".");
            return this;
        }
    }

    Ran run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                false);
        int code = Main.run(arguments, environment, terminal);
        terminal.out().flush();
        terminal.err().flush();
        return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    JsonValue.Members json(String... arguments) {
        return Shell.ok(
                run(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new)));
    }

    private static JsonValue.Members ok(Ran ran) {
        ran.endsWith(0);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.json().values()).containsEntry("ok", new JsonValue.Truth(true));
        return ran.json();
    }

    /**
     * With a new repository, on which it works with the owner's key: a password is stretched at every call, which takes
     * longer than most of what is called. The repository is made once and copied.
     */
    Shell initialised() {
        NEW.forEach((name, content) -> {
            Path file = folder.resolve(name);
            try {
                Files.createDirectories(file.getParent());
                Files.write(file, content);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        Path key = folder.resolve("owner.key");
        try {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        environment.remove("MEDBACKUP_PASSWORD");
        environment.put("MEDBACKUP_KEY_FILE", key.toString());
        return this;
    }

    /** A repository with nothing in it and its owner's key: every file by its name. */
    private static Map<String, byte[]> made() {
        try {
            Path folder = Files.createTempDirectory("medbackup-cli-");
            try {
                var shell = new Shell(folder);
                shell.run("init", "--kdf", "pbkdf2").endsWith(0);
                String key = folder.resolve("owner.key").toString();
                shell.run("key", "export-recovery", "--output", key).endsWith(0);
                Map<String, byte[]> files = new TreeMap<>();
                for (Path file : below(folder)) {
                    if (!file.startsWith(folder.resolve("state"))) {
                        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
                    }
                }
                return files;
            } finally {
                for (Path each : everything(folder)) {
                    Files.delete(each);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** What lies in a folder before the folder. */
    private static List<Path> everything(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.sorted(Comparator.reverseOrder()).toList();
        }
    }

    /** Works with another password from now on. */
    void password(String other) {
        environment.remove("MEDBACKUP_KEY_FILE");
        environment.put("MEDBACKUP_PASSWORD", other);
    }

    /** With a repository and two restore points of two documents. */
    Shell filled() {
        initialised();
        write("a/letter.txt", "Dear colleague");
        write("b/result.txt", "potassium 4.1");
        run("backup", source().toString(), "--source", "ward", "--tag", "ward=4b")
                .endsWith(0);
        write("b/result.txt", "potassium 4.2, controlled");
        write("c/new.txt", "new");
        run("backup", source().toString(), "--source", "ward").endsWith(0);
        return this;
    }

    /** Restore points of what is backed up, without those of the site. */
    List<String> snapshotIds() {
        return list(json("snapshots"), "snapshots").stream()
                .filter(each -> !each.text("source").startsWith("site:"))
                .map(each -> each.text("id"))
                .toList();
    }

    /** Flips bits all over the packs of data. */
    void damagePacks() {
        try (Stream<Path> packs = Files.walk(repository().resolve("d"))) {
            for (Path pack : packs.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(pack);
                for (int at = 0; at < bytes.length; at += 16) {
                    bytes[at] ^= 1;
                }
                Files.write(pack, bytes);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A list of objects of a document. */
    static List<JsonValue.Members> list(JsonValue.Members json, String name) {
        return json.items(name).stream().map(JsonValue.Members.class::cast).toList();
    }

    static JsonValue.Members first(JsonValue.Members json, String name) {
        return list(json, name).getFirst();
    }

    /** Holds all the fields that the contract names. */
    static void hasFields(JsonValue.Members json, String... names) {
        assertThat(json.values().keySet()).contains(names);
    }

    /** Seconds, as a decimal; zero is written without a point. */
    static void isDuration(JsonValue.Members json, String name) {
        JsonValue value = json.values().get(name);
        boolean decimal = value instanceof JsonValue.Decimal seconds && seconds.value() > 0;
        assertThat(decimal || new JsonValue.Whole(0).equals(value))
                .as("%s is %s", name, value)
                .isTrue();
    }
}
