package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.first;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.isDuration;
import static org.medbackup.cli.Shell.list;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;

/** Every command on files: what it answers to people and to machines, by the names of the contract. */
class CommandsTest {

    @TempDir
    static Path folder;

    private static Shell shell;

    @TempDir
    Path temp;

    @BeforeAll
    static void fill() {
        shell = new Shell(folder).filled();
    }

    private static String text(String... arguments) {
        Shell.Ran ran = shell.run(arguments).endsWith(0);
        assertThat(ran.err()).isEmpty();
        return ran.out();
    }

    @Test
    void initAnswersWithLocationIdAndFormatAndWritesTheWritersKey() throws IOException {
        var fresh = new Shell(temp);
        Path key = temp.resolve("writer.key");

        JsonValue.Members json = fresh.json("init", "--writer-key", key.toString());

        hasFields(json, "ok", "repository", "id", "format");
        assertThat(json.text("repository")).contains(fresh.repository().toString());
        assertThat(json.text("id")).matches("[0-9a-f]{32}");
        assertThat(json.whole("format")).isEqualTo(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        fresh.write("letter.txt", "Dear colleague");
        fresh.environment.remove("MEDBACKUP_PASSWORD");
        fresh.environment.put("MEDBACKUP_KEY_FILE", key.toString());
        fresh.run("backup", fresh.source().toString()).endsWith(0);
        fresh.run("snapshots").endsWith(2).saysWhatIsWrong("role");
    }

    @Test
    void initTellsPeopleWhatItMade() {
        var fresh = new Shell(temp);

        assertThat(fresh.run("init", "--writer-key", temp.resolve("w.key").toString())
                        .endsWith(0)
                        .out()
                        .lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("created repository "),
                        line -> assertThat(line).startsWith("writer's key in ").contains("w.key"));
        assertThat(new Shell(temp.resolve("b")).run("init").endsWith(0).out().lines())
                .hasSize(1);
    }

    @Test
    void backupAnswersWithCountsSumsAndErrors() {
        Path source = temp.resolve("papers");
        Shell.write(source.resolve("one.txt"), "one");
        Shell.write(temp.resolve("papers/two.tmp"), "two");
        Shell.write(temp.resolve("papers/three.bak"), "three");
        Path exclusions = Shell.write(temp.resolve("exclusions"), "# drafts\n\n  *.bak  \n");

        JsonValue.Members json = shell.json(
                "backup",
                source.toString(),
                "--source=papers",
                "--exclude=*.tmp",
                "--exclude-file=" + exclusions,
                "--one-file-system",
                "--tag=kind=paper",
                "--tag=year=2026");

        hasFields(json, "snapshot", "parent", "files", "bytes", "seconds", "errors");
        assertThat(json.text("snapshot")).matches("[0-9a-f]{32}");
        assertThat(json.values().get("parent")).isEqualTo(new JsonValue.Null());
        assertThat(json.members("files").values().keySet()).containsExactly("new", "changed", "unmodified", "failed");
        assertThat(json.members("bytes").values().keySet()).containsExactly("scanned", "read", "added", "stored");
        assertThat(json.members("files").whole("new")).isEqualTo(1);
        isDuration(json, "seconds");
        assertThat(json.items("errors")).isEmpty();
        JsonValue.Members next = shell.json("backup", source.toString(), "--source=papers");
        assertThat(next.text("parent")).isEqualTo(json.text("snapshot"));
        assertThat(next.members("files").whole("new")).isEqualTo(2);
    }

    @Test
    void backupTellsPeopleTheRestorePoint() {
        Path source = temp.resolve("letters");
        Shell.write(source.resolve("one.txt"), "one");

        assertThat(text("backup", source.toString()).lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("restore point [0-9a-f]{8}"),
                        line -> assertThat(line).isEqualTo("files: 1 new, 0 changed, 0 unmodified, 0 failed"),
                        line -> assertThat(line).startsWith("bytes: 3 B scanned, "));
        assertThat(text("backup", source.toString()).lines().toList().getFirst())
                .matches("restore point [0-9a-f]{8}, after [0-9a-f]{8}");
    }

    @Test
    void aPathIsTakenFromTheWorkingFolderAndDotsAreResolved() {
        assertThat(Paths.absolute("x/./y/../z").toString()).isEqualTo(System.getProperty("user.dir") + "/x/z");
        assertThat(Paths.absolute("/a//b/../../../c/").toString()).isEqualTo("/c");
        assertThat(Paths.absolute("/").toString()).isEqualTo("/");
    }

    @Test
    void snapshotsAnswersWithEveryFieldOfARestorePoint() {
        JsonValue.Members json = shell.json("snapshots", "--source", "ward");

        JsonValue.Members snapshot = first(json, "snapshots");
        hasFields(
                snapshot, "id", "time", "source", "host", "paths", "tags", "files", "bytes", "consistency", "verified");
        assertThat(snapshot.values()).containsEntry("protectedUntil", new JsonValue.Null());
        assertThat(snapshot.text("time")).endsWith("Z");
        assertThat(Instant.parse(snapshot.text("time")))
                .isBetween(Instant.parse("2026-01-01T00:00:00Z"), Instant.now().plusSeconds(5));
        assertThat(snapshot.text("source")).isEqualTo("ward");
        assertThat(snapshot.items("paths"))
                .containsExactly(new JsonValue.Text(shell.source().toString()));
        assertThat(snapshot.members("tags").text("ward")).isEqualTo("4b");
        assertThat(snapshot.whole("files")).isEqualTo(2);
        assertThat(snapshot.whole("bytes")).isEqualTo(27);
        assertThat(snapshot.text("consistency")).isEqualTo("FILE_LEVEL");
    }

    @Test
    void snapshotsAreChosenBySourceAndTag() {
        assertThat(list(shell.json("snapshots", "--source", "ward"), "snapshots"))
                .hasSize(2);
        assertThat(list(shell.json("snapshots", "--tag", "ward=4b"), "snapshots"))
                .hasSize(1);
        assertThat(list(shell.json("snapshots", "--tag", "ward=5a"), "snapshots"))
                .isEmpty();
        assertThat(text("snapshots", "--source", "nobody's")).isEqualTo("no restore points\n");
        assertThat(text("snapshots", "--source", "ward").lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("id ")
                .endsWith("source");
    }

    @Test
    void aVerifiedRestorePointTellsWhenAndHow() {
        shell.run("verify", "--level", "ciphertext", "latest@ward").endsWith(0);

        JsonValue.Members verified = list(shell.json("snapshots", "--source", "ward"), "snapshots")
                .getLast()
                .members("verified");

        assertThat(verified.text("level")).isEqualTo("ciphertext");
        assertThat(verified.text("time")).endsWith("Z");
        assertThat(verified.values()).containsEntry("whole", new JsonValue.Truth(true));
    }

    @Test
    void lsAnswersWithEntries() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("elsewhere"));
        shell.run("backup", link.toString(), "--source", "link").endsWith(0);

        JsonValue.Members entry = first(shell.json("ls", "latest@ward", shell.source() + "/a/letter.txt"), "entries");
        assertThat(entry.values().keySet()).containsExactly("path", "type", "size", "mode", "owner", "group", "mtime");
        assertThat(entry.text("path")).isEqualTo(shell.source() + "/a/letter.txt");
        assertThat(entry.text("type")).isEqualTo("file");
        assertThat(entry.whole("size")).isEqualTo(14);
        assertThat(entry.text("mode")).matches("0[0-7]{3}");
        assertThat(entry.text("mtime")).endsWith("Z");
        JsonValue.Members symlink = first(shell.json("ls", "latest@link", link.toString()), "entries");
        assertThat(symlink.text("target")).isEqualTo("elsewhere");
        assertThat(text("ls", "latest@link", link.toString())).contains(link + " -> elsewhere");
    }

    @Test
    void lsGoesDeeperWhereItIsTold() {
        assertThat(list(shell.json("ls", "latest@ward", shell.source().toString()), "entries"))
                .hasSize(3);
        assertThat(list(shell.json("ls", "latest@ward", shell.source().toString(), "--recursive"), "entries"))
                .hasSize(6);
        assertThat(text("ls", "latest@ward", shell.source().toString(), "--recursive")
                        .lines())
                .hasSize(6);
        assertThat(text("ls", "latest@ward")).contains("/" + folder.getName(0));
    }

    @Test
    void findAnswersWithEntriesOfAllRestorePoints() {
        List<JsonValue.Members> found = list(shell.json("find", "result.t?t"), "entries");

        assertThat(found).isNotEmpty().allSatisfy(entry -> {
            assertThat(entry.values().keySet())
                    .containsExactly("snapshot", "path", "type", "size", "mode", "owner", "group", "mtime");
            assertThat(entry.text("path")).isEqualTo(shell.source() + "/b/result.txt");
        });
        assertThat(found.getFirst().text("snapshot"))
                .isEqualTo(shell.snapshotIds().getFirst());
        assertThat(found.getFirst().text("snapshot"))
                .isNotEqualTo(found.getLast().text("snapshot"));
        assertThat(list(shell.json("find", shell.source() + "/**/result.txt"), "entries"))
                .hasSameSizeAs(found);
        assertThat(text("find", "new.txt")).contains(shell.source() + "/c/new.txt");
        assertThat(text("find", "nothing-of-that-name")).isEqualTo("no entry matches\n");
        shell.run("find", "[a").endsWith(2).saysWhatIsWrong("bracket");
    }

    @Test
    void diffAnswersWithWhatCameWentAndChangedAndWithSums() {
        String first = shell.snapshotIds().get(0);
        String second = list(shell.json("snapshots", "--source", "ward"), "snapshots")
                .getLast()
                .text("id");

        JsonValue.Members json = shell.json("diff", first, second);

        assertThat(list(json, "added")).extracting(each -> each.text("path")).contains(shell.source() + "/c/new.txt");
        assertThat(json.items("removed")).isEmpty();
        assertThat(list(json, "changed"))
                .filteredOn(each -> each.text("what").equals("content"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.text("path")).isEqualTo(shell.source() + "/b/result.txt");
                    assertThat(each.whole("sizeBefore")).isEqualTo(13);
                    assertThat(each.whole("sizeAfter")).isEqualTo(25);
                });
        assertThat(json.members("sums").whole("bytesAfter")).isEqualTo(28);
        assertThat(text("diff", first, second))
                .contains("+ " + shell.source() + "/c/new.txt\n", "M " + shell.source() + "/b/result.txt\n")
                .contains("U ");
        assertThat(text("diff", second, first)).contains("- " + shell.source() + "/c/new.txt\n");
        assertThat(list(shell.json("diff", second, first), "removed")).isNotEmpty();
    }

    @Test
    void restoreAnswersWithFilesBytesAndFailures() {
        Path target = temp.resolve("target");

        JsonValue.Members json = shell.json("restore", "latest@ward", "--target", target.toString());

        hasFields(json, "files", "bytes", "seconds", "failures");
        assertThat(json.whole("files")).isEqualTo(3);
        assertThat(json.members("bytes").values().keySet()).containsExactly("written", "fetched", "reused");
        isDuration(json, "seconds");
        assertThat(json.items("failures")).isEmpty();
        assertThat(Shell.read(Path.of(target + shell.source().toString() + "/a/letter.txt")))
                .isEqualTo("Dear colleague");
    }

    @Test
    void restoreInPlaceReusesWhatIsThereAndCountsWhatIsExtra() {
        Path target = temp.resolve("target");
        String from = "latest@ward:" + shell.source();
        shell.run("restore", from, "--target", target.toString()).endsWith(0);
        Shell.write(target.resolve("a/letter.txt"), "changed since");
        Shell.write(target.resolve("a/added.txt"), "added since");

        JsonValue.Members json = shell.json("restore", from, "--target", target.toString(), "--in-place");

        assertThat(json.whole("files")).isEqualTo(3);
        assertThat(json.whole("extra")).isEqualTo(1);
        assertThat(json.members("bytes").whole("written")).isEqualTo(14);
        assertThat(json.members("bytes").whole("reused")).isEqualTo(28);
        assertThat(Shell.read(target.resolve("a/letter.txt"))).isEqualTo("Dear colleague");
        assertThat(text("restore", from, "--target", target.toString(), "--in-place"))
                .contains("42 B were there already", "1 entries that the restore point does not have were left alone");
    }

    @Test
    void aRestoreThatWasDoneCanBeResumedAndFindsNothingToDo() {
        Path target = temp.resolve("target");
        shell.run("restore", "latest@ward", "--target", target.toString()).endsWith(0);

        JsonValue.Members json = shell.json("restore", "latest@ward", "--target", target.toString(), "--resume");

        assertThat(json.members("bytes").whole("written")).isZero();
        assertThat(json.members("bytes").whole("reused")).isEqualTo(42);
    }

    @Test
    void restoreTakesAFolderStraightAndOnlyWhatIsIncluded() {
        Path target = temp.resolve("target");

        String said = text(
                "restore",
                "latest@ward:" + shell.source(),
                "--target",
                target.toString(),
                "--include",
                shell.source() + "/a",
                "--include=" + shell.source() + "/c/new.txt");

        assertThat(said).startsWith("restored 2 files, 17 B, in ");
        assertThat(Shell.read(target.resolve("c/new.txt"))).isEqualTo("new");
        assertThat(target.resolve("b")).doesNotExist();
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() {
        Path target = temp.resolve("target");

        JsonValue.Members json = shell.json("restore", "latest@ward", "--dry-run", "--target", target.toString());

        hasFields(json, "files", "bytes", "seconds", "failures");
        assertThat(json.whole("files")).isEqualTo(3);
        assertThat(json.members("bytes").whole("written")).isEqualTo(42);
        isDuration(json, "seconds");
        assertThat(text("restore", "latest@ward", "--dry-run", "--target", target.toString()))
                .startsWith("would restore 3 files, 42 B, from ");
        assertThat(target).doesNotExist();
    }

    @Test
    void aRestoreThatIsNotCompleteEndsWithThreeAndNamesWhatIsMissing() {
        Path target = temp.resolve("target");
        Shell.write(Path.of(target + shell.source().toString() + "/a/letter.txt"), "there before");

        Shell.Ran ran = shell.run("restore", "latest@ward", "--target", target.toString(), "--json")
                .endsWith(3);

        assertThat(ran.json().values())
                .containsEntry("ok", new JsonValue.Truth(true))
                .doesNotContainKey("error");
        JsonValue.Members failure = first(ran.json(), "failures");
        assertThat(failure.values().keySet()).containsExactly("path", "attribute", "message");
        assertThat(failure.text("path")).endsWith("/a/letter.txt");
        assertThat(shell.run("restore", "latest@ward", "--target", target.toString(), "--quiet")
                        .endsWith(3)
                        .out())
                .contains("not restored: ", "/a/letter.txt");
    }

    @Test
    void dumpWritesTheFileAndNothingElse() {
        assertThat(text("dump", "latest@ward", shell.source() + "/a/letter.txt"))
                .isEqualTo("Dear colleague");
        assertThat(text("--quiet", "dump", "latest@ward", shell.source() + "/a/letter.txt"))
                .isEqualTo("Dear colleague");
    }

    @Test
    void verifyAnswersWithTheLevelAndWhatItRead() {
        JsonValue.Members json = shell.json("verify");

        hasFields(json, "level", "packs", "chunks", "bytes", "damaged", "seconds");
        assertThat(json.text("level")).isEqualTo("structure");
        assertThat(json.items("damaged")).isEmpty();
        isDuration(json, "seconds");
        for (String level : List.of("presence", "ciphertext", "content", "restore")) {
            assertThat(text("verify", "--level", level, "--sample", "100", "latest@ward"))
                    .startsWith(level + ": ")
                    .contains(" 1 restore points whole, in ");
        }
        shell.run("verify", "--level", "ciphertext", "--sample", "0.5").endsWith(0);
    }

    @Test
    void statsAnswersWithSizesAndRatios() {
        JsonValue.Members json = shell.json("stats");

        hasFields(json, "snapshots", "chunks", "bytes", "ratio");
        assertThat(json.members("bytes").values().keySet()).containsExactly("logical", "unique", "stored");
        assertThat(json.members("ratio").values().keySet()).containsExactly("dedup", "compression");
        assertThat(text("stats")).contains(" restore points, ").contains(" : 1)");
    }

    @Test
    void auditVerifyAnswersWithEntriesAndFindings() {
        JsonValue.Members json = shell.json("audit", "verify");

        hasFields(json, "entries", "checkpoints", "valid", "findings");
        assertThat(json.whole("entries")).isPositive();
        assertThat(json.values()).containsEntry("valid", new JsonValue.Truth(true));
        assertThat(json.items("findings")).isEmpty();
        assertThat(text("audit", "verify")).endsWith("signed checkpoints, intact\n");
    }

    @Test
    void auditExportWritesALineForEachEntry() {
        JsonValue.Members verified = shell.json("audit", "verify");
        for (String format : List.of("jsonl", "fhir", "atna", "cef", "ocsf")) {
            assertThat(text("audit", "export", "--format", format).lines())
                    .hasSizeGreaterThan((int) verified.whole("entries"));
        }
        assertThat(text("audit", "export", "--format", "cef", "--to", "2020-01-01"))
                .isEmpty();
        assertThat(text("audit", "export", "--format", "cef", "--from", "2020-01-01", "--to", "2020-01-01T10:00:00Z"))
                .isEmpty();

        Path file = temp.resolve("audit.cef");
        JsonValue.Members json = shell.json("audit", "export", "--format", "cef", "--output", file.toString());
        hasFields(json, "format", "entries", "first", "last", "bytes", "sha256");
        assertThat(Shell.read(file).lines()).hasSize((int) json.whole("entries"));
        assertThat(text(
                        "audit",
                        "export",
                        "--format",
                        "fhir",
                        "--output",
                        temp.resolve("audit.ndjson").toString()))
                .contains(" entries as fhir, ");
        JsonValue.Members none =
                shell.json("audit", "export", "--format", "cef", "--to", "2020-01-01", "--output", temp + "/none.cef");
        assertThat(none.values()).containsEntry("first", new JsonValue.Null());
    }

    @Test
    void anExportThatCannotBeMeantEndsWithTwoAndSaysWhatToDo() {
        assertThat(shell.run("audit", "export", "--format", "leef").endsWith(2).err())
                .contains("jsonl, fhir, atna, cef, ocsf");
        assertThat(shell.run("audit", "export", "--format", "cef", "--from", "soon")
                        .endsWith(2)
                        .err())
                .contains("is no time");
        assertThat(shell.run("audit", "export", "--format", "cef", "--to", "soon")
                        .endsWith(2)
                        .err())
                .contains("is no time");
        shell.run("audit", "export").endsWith(2);
        shell.run("audit", "export", "--format", "cef", "--from", "2026-02-01", "--to", "2026-01-01")
                .endsWith(2);
        assertThat(shell.run("--json", "audit", "export", "--format", "cef")
                        .endsWith(2)
                        .out())
                .contains("--output FILE");
        Path there = Shell.write(temp.resolve("there.cef"), "mine");
        shell.run("audit", "export", "--format", "cef", "--output", there.toString())
                .endsWith(2);
        assertThat(there).hasContent("mine");
    }

    @Test
    void aBenchmarkAnswersWithItsSamples() {
        JsonValue.Members json = shell.json("bench", "scan", "--quick");

        hasFields(json, "name", "unit", "value", "samples");
        assertThat(json.text("name")).isEqualTo("scan");
        assertThat(json.items("samples")).hasSize(3);
        assertThat(text("bench", "pipeline", "--quick"))
                .startsWith("pipeline: ")
                .contains("median of 3");
        assertThat(text("bench", "governor", "--quick"))
                .matches("(?s)governor: [01]\\.\\d+ of the limit in the fullest second \\(median of 1\\).*");
        shell.run("bench", "nothing").endsWith(2).saysWhatIsWrong("pipeline, scan, classify, governor");
    }

    @Test
    void theCallersNameReasonAndPurposeStandInTheAuditTrail() throws IOException {
        var fresh = new Shell(temp);

        fresh.run("init", "--actor", "j.doe", "--reason=ticket 4711", "--purpose", "HOPERAT")
                .endsWith(0);

        try (var files = Files.walk(temp.resolve("state/audit"))) {
            assertThat(files.filter(Files::isRegularFile).map(Shell::read).toList())
                    .anySatisfy(text -> assertThat(text).contains("j.doe", "ticket 4711", "HOPERAT"));
        }
    }
}
