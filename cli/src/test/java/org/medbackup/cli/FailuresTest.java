package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** What is wrong with a call is said in two lines, or in one document, and by the exit code. */
class FailuresTest {

    @TempDir
    static Path folder;

    private static Shell shell;

    @TempDir
    Path temp;

    @BeforeAll
    static void fill() {
        shell = new Shell(folder).filled();
    }

    private static void isWrong(String word, String... call) {
        shell.run(call).endsWith(2).saysWhatIsWrong(word);
        String[] asJson = Stream.concat(Stream.of(call), Stream.of("--json")).toArray(String[]::new);
        Shell.Ran ran = shell.run(asJson).endsWith(2);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.error()).isNotEmpty();
        assertThat(ran.json().members("error").text("message")).contains(word);
    }

    @Test
    void aWrongCallEndsWithTwo() {
        isWrong("--no-such", "snapshots", "--no-such");
        isWrong("no-such-command", "no-such-command");
        isWrong("--no-such", "--no-such");
        isWrong("PATH", "backup");
        isWrong("SNAPSHOT", "ls");
        isWrong("--target", "restore", "latest");
        isWrong("extra", "stats", "extra");
        isWrong("ten", "verify", "--sample", "ten");
        isWrong("10%", "verify", "--sample", "10%");
        isWrong("per cent", "verify", "--sample", "0");
        isWrong("per cent", "verify", "--sample", "NaN");
        isWrong("per cent", "verify", "--sample", "101");
        isWrong("deepest", "verify", "--level", "deepest");
        isWrong("ward", "snapshots", "--tag", "ward");
        isWrong("KEY=VALUE", "snapshots", "--tag", "=4b");
        isWrong("needs one of list, check, backup, restore", "app");
        isWrong("needs one of verify, export, prove", "audit");
        isWrong("empty", "backup", "");
    }

    @Test
    void optionsOfLaterVersionsAreUnknownAndNotSilentlyIgnored() {
        isWrong("--class", "backup", "/tmp", "--class", "phi");
        isWrong("--to-time", "app", "restore", "postgresql://h/", "--target", "/x", "--to-time", "2026");
        assertThat(shell.run("--help").endsWith(0).out())
                .contains("\n  backup ", "\n  drill ", "\n  policy ", "\n  serve ", "\n  report ")
                .doesNotContain("\n  extract ");
    }

    @Test
    void whatIsNotThereEndsWithTwo() {
        isWrong("no id begins with this: ffff", "ls", "ffff");
        isWrong("nobody", "restore", "latest@nobody", "--target", temp.toString());
        isWrong("/no/such/path", "backup", "/no/such/path");
        isWrong("/no/such/path", "ls", "latest", "/no/such/path");
        shell.run("dump", "latest", "/no/such/path").endsWith(2).saysWhatIsWrong("/no/such/path");
        isWrong("/no/such/path", "restore", "latest:/no/such/path", "--target", temp.toString());
        isWrong("begins with a slash", "ls", "latest", "relative");
        shell.run("dump", "latest@ward", shell.source().toString()).endsWith(2).saysWhatIsWrong("regular file");
        isWrong("exclusions", "backup", shell.source().toString(), "--exclude-file", "/no/such/file");
        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void anIdThatSeveralRestorePointsBeginWithIsAmbiguous() {
        Path key = temp.resolve("writer.key");
        var other = new Shell(temp);
        other.run("init", "--writer-key", key.toString()).endsWith(0);
        Path file = other.write("letter.txt", "Dear colleague");
        // Of seventeen hexadecimal ids two begin with the same digit.
        Set<String> digits = new HashSet<>();
        String shared = "";
        while (shared.isEmpty()) {
            Shell.Ran ran = other.run("backup", "--key-file", key.toString(), "--json", file.toString());
            String digit = ran.endsWith(0).json().text("snapshot").substring(0, 1);
            shared = digits.add(digit) ? "" : digit;
        }

        other.run("ls", shared).endsWith(2).saysWhatIsWrong("2 ids begin with " + shared);
        assertThat(other.run("ls", shared, "--json").endsWith(2).error()).isEqualTo("SNAPSHOT_AMBIGUOUS");
    }

    @Test
    void aMalformedPatternIsNamedByItsKind() {
        isWrong("pattern", "backup", shell.source().toString(), "--exclude", "[a-");
    }

    @Test
    void aTargetThatIsAFileIsNamed() {
        Path file = Shell.write(temp.resolve("file"), "");

        isWrong(file.toString(), "restore", "latest", "--target", file.toString());
    }

    @Test
    void dumpTakesNoJson() {
        Shell.Ran ran = shell.run("dump", "latest@ward", shell.source() + "/a/letter.txt", "--json")
                .endsWith(2);

        assertThat(ran.error()).isEqualTo("USAGE");
        assertThat(ran.json().members("error").text("message")).contains("--json");
    }

    @Test
    void aRepositoryThatIsNoneIsToldApartFromAWrongPasswordAndFromDamage() throws IOException {
        var other = new Shell(temp);
        other.run("stats").endsWith(2).saysWhatIsWrong("no repository at this location");
        other.run("init").endsWith(0);
        assertThat(other.run("init", "--json").endsWith(2).error()).isEqualTo("REPOSITORY_EXISTS");

        other.environment.put("MEDBACKUP_PASSWORD", "wrong");
        assertThat(other.run("stats", "--json").endsWith(2).error()).isEqualTo("WRONG_PASSWORD");
        for (String name : List.of("format", "format.2")) {
            Files.writeString(other.repository().resolve(name), "rubbish");
        }
        assertThat(other.run("stats", "--json").endsWith(5).error()).isEqualTo("FORMAT_DAMAGED");
    }

    @Test
    void theLocationAndTheCredentialMustBeGiven() throws IOException {
        var other = new Shell(temp);
        other.environment.remove("MEDBACKUP_REPO");
        other.run("stats").endsWith(2).saysWhatIsWrong("--repo");
        other.environment.put("MEDBACKUP_REPO", "sftp://host/path");
        other.run("stats").endsWith(2).saysWhatIsWrong("sftp");
        other.environment.put("MEDBACKUP_REPO", shell.repository().toString());
        other.environment.remove("MEDBACKUP_PASSWORD");
        other.run("stats").endsWith(2).saysWhatIsWrong("No password and no key");
        Path key = Shell.write(temp.resolve("key"), "no key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        other.run("stats", "--key-file", key.toString()).endsWith(2).saysWhatIsWrong("chmod 600");
        other.run("stats", "--key-file", "a", "--password-file", "b")
                .endsWith(2)
                .saysWhatIsWrong("exclude each other");
        other.run("stats", "--password-file", temp.resolve("none").toString())
                .endsWith(2)
                .saysWhatIsWrong("none");
    }

    @Test
    void aStateFolderThatCannotBeUsedEndsWithOne() {
        Path file = Shell.write(temp.resolve("file"), "");

        shell.run("stats", "--state", file.resolve("below").toString())
                .endsWith(1)
                .saysWhatIsWrong("state");
    }

    @Test
    void damageEndsWithFiveAndTheAnswerStandsBesideTheError() {
        var other = new Shell(temp).filled();
        other.damagePacks();

        Shell.Ran ran = other.run("verify", "--level", "content", "--json").endsWith(5);

        assertThat(ran.error()).isEqualTo("OBJECT_DAMAGED");
        JsonValue.Members damage = Shell.list(ran.json(), "damaged").stream()
                .filter(each -> !each.items("paths").isEmpty())
                .findFirst()
                .orElseThrow();
        Shell.hasFields(damage, "object", "snapshots", "paths");
        Shell.Ran told = other.run("verify", "--level", "content", "--quiet").endsWith(5);
        assertThat(told.out()).contains("damaged: d/", other.source() + "/a/letter.txt");
        assertThat(told.err()).contains("objects are damaged or missing\n  Run `medbackup verify");

        Shell.Ran restored = other.run(
                        "restore", "latest", "--target", temp.resolve("target").toString(), "--json")
                .endsWith(5);
        assertThat(restored.error()).isEqualTo("OBJECT_DAMAGED");
        assertThat(restored.json().items("failures")).isNotEmpty();
    }

    @Test
    void aDamagedPackThatCostsNothingSaysSo() throws IOException {
        var other = new Shell(temp).filled();
        Files.writeString(other.repository().resolve("format.2"), "rubbish");

        Shell.Ran ran = other.run("verify").endsWith(5);

        assertThat(ran.out()).contains("damaged: format.2", "costs nothing");
    }

    @Test
    void aTrailThatWasChangedEndsWithFiveAndIsLeftAsItIs() throws IOException {
        var other = new Shell(temp).filled();
        Path trail = temp.resolve("state/audit");
        try (var files = Files.walk(trail)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                Files.writeString(
                        file, text.replace("\"backup\"", "\"restor\""), java.nio.charset.StandardCharsets.ISO_8859_1);
            }
        }
        long size = size(trail);

        Shell.Ran ran = other.run("audit", "verify", "--json").endsWith(5);

        assertThat(ran.error()).isEqualTo("AUDIT_DAMAGED");
        assertThat(ran.json().values()).containsEntry("valid", new JsonValue.Truth(false));
        assertThat(Shell.first(ran.json(), "findings").values().keySet()).containsExactly("code", "entry", "message");
        assertThat(other.run("audit", "verify").endsWith(5).out()).contains("NOT INTACT", " at entry ");
        assertThat(size(trail)).isEqualTo(size);
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void aStackTraceIsShownOnlyWhereItIsAskedFor() {
        Shell.Ran quiet = shell.run("ls", "ffff").endsWith(2);
        Shell.Ran verbose = shell.run("ls", "ffff", "--verbose").endsWith(2);
        Shell.Ran both = shell.run("ls", "ffff", "--verbose", "--json").endsWith(2);
        Shell.Ran usage = shell.run("ls", "--verbose", "--no-such").endsWith(2);

        assertThat(quiet.err()).doesNotContain("\tat ");
        assertThat(verbose.err()).contains("\tat org.medbackup");
        assertThat(usage.err()).contains("\tat org.medbackup");
        assertThat(both.error()).isEqualTo("SNAPSHOT_NOT_FOUND");
        assertThat(both.err()).contains("\tat org.medbackup");
    }

    @Test
    void controlCharactersBecomeVisible() {
        Path source = temp.resolve("odd");
        Shell.write(source.resolve("a\u001b[31mred\u202e\u0007.txt"), "x");
        shell.run("backup", source.toString(), "--source", "odd\u001b[2J").endsWith(0);

        assertThat(shell.run("ls", "latest@odd\u001b[2J", source.toString())
                        .endsWith(0)
                        .out())
                .contains("a\\x1b[31mred\\u202e\\x07.txt")
                .doesNotContain("\u001b", "\u0007", "\u202e");
        assertThat(shell.run("snapshots").endsWith(0).out())
                .contains("odd\\x1b[2J")
                .doesNotContain("\u001b");
        assertThat(shell.run("ls", "no\u001b[2Jsuch").endsWith(2).err())
                .contains("no\\x1b[2Jsuch")
                .doesNotContain("\u001b");
        assertThat(shell.run("--no\u001bsuch\nline").endsWith(2).err().lines()).hasSize(2);
        assertThat(shell.run("ls", "latest@odd\u001b[2J", source.toString(), "--json")
                        .endsWith(0)
                        .out())
                .contains("\\u001b")
                .doesNotContain("\u001b");
    }

    @Test
    void anUnforeseenErrorIsReportedAsSuch() {
        var terminal = new Terminal(
                new java.io.PrintStream(java.io.OutputStream.nullOutputStream(), true),
                new java.io.PrintStream(java.io.OutputStream.nullOutputStream(), true),
                false);

        assertThat(Main.run(new String[] {"stats"}, new BrokenEnvironment(), terminal))
                .isEqualTo(1);
        assertThat(Main.run(new String[] {"stats"}, new FullEnvironment(), terminal))
                .isEqualTo(1);
    }

    private static final class BrokenEnvironment extends java.util.AbstractMap<String, String> {
        @Override
        public java.util.Set<Entry<String, String>> entrySet() {
            throw new IllegalStateException("an accident");
        }
    }

    private static final class FullEnvironment extends java.util.AbstractMap<String, String> {
        @Override
        public java.util.Set<Entry<String, String>> entrySet() {
            throw new OutOfMemoryError("an accident");
        }
    }
}
