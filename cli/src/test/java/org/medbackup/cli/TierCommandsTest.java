package org.medbackup.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.medbackup.cli.Shell.first;
import static org.medbackup.cli.Shell.hasFields;
import static org.medbackup.cli.Shell.list;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.store.ObjectStore.Recall.Speed;
import org.medbackup.documents.Json;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.LockResult;
import org.medbackup.service.LockOperations.Locked;
import org.medbackup.service.RecallCost;
import org.medbackup.service.RecallOrder;
import org.medbackup.service.RecallPlan;
import org.medbackup.service.RecallSpeed;

/** The commands of tiers, locks and cold storage. */
class TierCommandsTest {

    @TempDir
    Path temp;

    private Shell shell = new Shell(Path.of("."));

    @BeforeEach
    void fill() {
        shell = new Shell(temp).filled();
    }

    @Test
    void targetListNamesWhatLiesAtEachAndNoOptionsOfItsLocation() {
        Path file = Shell.write(temp.resolve("medbackup.yaml"), """
                targets:
                  locked: {location: "s3://clinic/vault?endpoint=https://s3.example&lock=compliance"}
                  second: {location: "%s"}
                jobs: {ward: {paths: ["%s"], copies: [second], spill: second}}
                policy: {tiers: {vault: locked}}
                """.formatted(temp.resolve("second"), shell.source()));
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());

        JsonValue.Members json = shell.json("target", "list");

        List<JsonValue.Members> targets = list(json, "targets");
        assertThat(targets).allSatisfy(each -> hasFields(each, "name", "location", "tiers", "copies", "spills"));
        assertThat(targets.getFirst().text("location")).isEqualTo("s3://clinic/vault");
        assertThat(targets.getFirst().items("tiers")).containsExactly(new JsonValue.Text("vault"));
        assertThat(targets.getLast().items("copies")).containsExactly(new JsonValue.Text("ward"));
        assertThat(shell.run("target", "list").endsWith(0).out())
                .contains("locked  s3://clinic/vault  tiers vault", "copies of ward  spill of ward");
        assertThat(shell.json("target", "probe", "second")
                        .members("capabilities")
                        .values())
                .containsKey("putIfAbsent");
    }

    @Test
    void tierReportSaysWhatEachJobLacksOfTheRuleOfCopiesAndEndsWith6() {
        Path file = Shell.write(
                temp.resolve("medbackup.yaml"), """
                targets: {second: {location: "%s", media: tape, site: east}}
                jobs: {ward: {paths: ["%s"], copies: [second]}, none: {paths: ["%s"]}}
                """.formatted(temp.resolve("second"), shell.source(), shell.source()));
        shell.environment.put("MEDBACKUP_CONFIG", file.toString());
        shell.run("run", "ward").endsWith(0);
        shell.run("catalogue", "rebuild").endsWith(0);

        JsonValue.Members json =
                shell.run("tier", "report", "--json").endsWith(6).json();
        String said = shell.run("tier", "report").endsWith(6).out();

        List<JsonValue.Members> jobs = list(json, "jobs");
        hasFields(jobs.getLast(), "job", "snapshot", "time", "copies", "places", "met", "missing");
        hasFields(first(jobs.getLast(), "places"), "target", "media", "site", "lockedUntil", "verified");
        assertThat(jobs.getLast().whole("copies")).isEqualTo(3);
        assertThat(jobs.getLast().items("missing"))
                .containsExactly(new JsonValue.Text("IMMUTABLE"), new JsonValue.Text("VERIFIED"));
        assertThat(json.members("error").text("code")).isEqualTo("COPIES_INSUFFICIENT");
        assertThat(said)
                .contains(
                        "none  no restore point is known",
                        "second (tape, east, not verified)",
                        "MISSING: immutable, verified");
    }

    @Test
    void withoutJobsThereIsNoRuleToMeet() {
        assertThat(shell.run("tier", "report").endsWith(0).out()).contains("no jobs");
    }

    @Test
    void withoutTargetsThereIsNothingToList() {
        assertThat(shell.run("target", "list").endsWith(0).out()).contains("no targets");
    }

    @Test
    void locksOfATargetThatHasNoneAreToldAsThatWithARemedy() {
        for (String command : List.of("report", "extend")) {
            Shell.Ran ran = shell.run("worm", command, "--json").endsWith(2);
            assertThat(ran.error()).isEqualTo("LOCKS_UNAVAILABLE");
            assertThat(ran.json().members("error").text("remedy")).contains("lock=compliance");
        }
    }

    @Test
    void locksAreSaidForEachRestorePoint() {
        Instant until = Instant.parse("2030-02-01T00:00:00.5Z");
        Answer answer = LocksAnswer.of(List.of(
                new Locked("ward", new LockResult("ab".repeat(16), 9, 9, 2, Optional.of(until))),
                new Locked("lab", new LockResult("cd".repeat(16), 9, 8, 0, Optional.empty()))));

        JsonValue.Members json = Json.parseMembers(Json.write(JsonValue.of(answer.document())));

        assertThat(json.find("whole")).hasValue(new JsonValue.Truth(false));
        JsonValue.Members one = first(json, "snapshots");
        hasFields(one, "id", "source", "objects", "locked", "extended", "until", "whole");
        assertThat(one.text("until")).isEqualTo(until.toString());
        assertThat(list(json, "snapshots").getLast().find("until")).isEmpty();
        assertThat(String.join("\n", answer.lines()))
                .contains(
                        "abababab  9 of 9 objects are locked until 2030-02-01T00:00:00Z at least, 2 longer than before")
                .contains("cdcdcdcd  8 of 9 objects are locked");
        assertThat(LocksAnswer.of(List.of()).lines()).containsExactly("no restore points");
    }

    @Test
    void aRecallPlanOfWhatCanBeReadSaysThatARestoreCanBegin() {
        JsonValue.Members json = shell.json("recall", "plan", "latest");

        hasFields(json, "snapshot", "readable", "coming", "cold", "ready", "batches", "packs", "bytes", "speeds");
        assertThat(json.whole("batches")).isZero();
        assertThat(json.whole("waitSeconds")).isZero();
        assertThat(json.find("speed")).isEmpty();
        assertThat(json.members("readable").whole("packs")).isPositive();
        assertThat(json.members("cold").whole("packs")).isZero();
        assertThat(shell.run("recall", "plan", "latest").endsWith(0).out()).contains("a restore can begin at once");
        assertThat(shell.run("recall", "plan", "latest", "--include", "/not/there", "--json")
                        .endsWith(2)
                        .error())
                .isEqualTo("PATH_NOT_IN_SNAPSHOT");
    }

    @Test
    void aRestoreMayBeToldToRecallAlsoWhereNothingIsCold() {
        Path out = temp.resolve("out");

        shell.run("restore", "latest", "--target", out.toString(), "--recall", "bulk", "--recall-wait", "2d")
                .endsWith(0);

        assertThat(out).isNotEmptyDirectory();
        assertThat(shell.run("restore", "latest", "--target", out.toString(), "--recall", "soon")
                        .endsWith(2)
                        .err())
                .contains("--recall");
    }

    private static final RecallSpeed BULK = new RecallSpeed(Speed.BULK, Duration.ofHours(24));
    private static final RecallSpeed STANDARD = new RecallSpeed(Speed.STANDARD, Duration.ofMinutes(630));
    private static final RecallSpeed EXPEDITED = new RecallSpeed(Speed.EXPEDITED, Duration.ofMinutes(10));

    private static RecallPlan plan(@Nullable RecallSpeed chosen, @Nullable RecallCost cost) {
        var none = new RecallPlan.Share(0, 0);
        return new RecallPlan(
                "ab".repeat(16),
                none,
                new RecallPlan.Share(1, 64 << 20),
                new RecallPlan.Share(12_000, 768_000_000_000L),
                2,
                List.of(BULK, STANDARD, EXPEDITED),
                chosen,
                cost,
                null);
    }

    private static JsonValue.Members json(Answer answer) {
        return Json.parseMembers(Json.write(JsonValue.of(answer.document())));
    }

    private static Answer said(RecallPlan plan, RecallOrder order) {
        var answer = new Answer();
        RecallAnswer.fields(plan).forEach(answer::field);
        return RecallAnswer.with(answer, plan, order);
    }

    @Test
    void aRecallPlanSaysBatchesSpeedsTimesAndCosts() {
        Answer answer = said(plan(STANDARD, new RecallCost(7.68, 69.12, 0.0125)), RecallOrder.cheapest());

        JsonValue.Members json = json(answer);
        assertThat(answer.exitCode()).isZero();
        assertThat(json.whole("batches")).isEqualTo(2);
        assertThat(json.whole("packs")).isEqualTo(12_001);
        assertThat(json.whole("bytes")).isEqualTo(768_000_000_000L + (64 << 20));
        assertThat(json.text("speed")).isEqualTo("standard");
        assertThat(json.whole("waitSeconds")).isEqualTo(37_800);
        assertThat(json.members("cost").values())
                .containsEntry("recall", new JsonValue.Decimal(7.68))
                .containsEntry("egress", new JsonValue.Decimal(69.12))
                .containsEntry("requests", new JsonValue.Decimal(0.0125))
                .containsEntry("total", new JsonValue.Decimal(7.68 + 69.12 + 0.0125));
        assertThat(list(json, "speeds"))
                .extracting(each -> each.text("speed"))
                .containsExactly("bulk", "standard", "expedited");
        assertThat(answer.lines())
                .contains(
                        "    bulk: 24 h at most",
                        "  * standard: 10 h 30 min at most",
                        "    expedited: 10 min at most",
                        "they come in 2 batches",
                        "cost: 76.81 at most (recall 7.68, egress 69.12, requests 0.0125)");
    }

    @Test
    void whatNobodyKnowsIsAbsentAndNotNothing() {
        Answer answer = said(plan(new RecallSpeed(Speed.BULK, null), null), RecallOrder.cheapest());

        assertThat(json(answer).find("cost")).isEmpty();
        assertThat(json(answer).find("waitSeconds")).isEmpty();
        assertThat(answer.lines())
                .contains("cost: not known, since the policy in force says no prices or cannot be read");
    }

    @Test
    void aDeadlineThatIsMissedEndsWith6AndABudgetWith4() {
        Answer late = said(plan(null, null), RecallOrder.cheapest().within(Duration.ofMinutes(5)));
        Answer dear =
                said(plan(BULK, new RecallCost(1, 1, 1)), RecallOrder.cheapest().costing(2));

        assertThat(late.exitCode()).isEqualTo(6);
        assertThat(json(late).members("error").text("code")).isEqualTo("RECALL_TOO_SLOW");
        assertThat(json(late).whole("packs")).isEqualTo(12_001);
        assertThat(dear.exitCode()).isEqualTo(4);
        assertThat(json(dear).members("error").text("code")).isEqualTo("RECALL_TOO_DEAR");
    }

    @Test
    void aRestoreThatIsRefusedForTheSameReasonsEndsLikeThePlan() {
        assertThat(ExitCode.of(ErrorCode.RECALL_TOO_SLOW.because("late"))).isEqualTo(6);
        assertThat(ExitCode.of(ErrorCode.RECALL_TOO_DEAR.because("dear"))).isEqualTo(4);
    }

    @Test
    void aDryRunOfARestoreThatMayRecallSaysWhatItWouldTake() {
        String out = temp.resolve("out").toString();

        JsonValue.Members json =
                shell.json("restore", "latest", "--target", out, "--deadline", "24h", "--budget", "5", "--dry-run");

        assertThat(json.members("recall").whole("packs")).isZero();
        assertThat(shell.json("restore", "latest", "--target", out, "--dry-run").find("recall"))
                .isEmpty();
        assertThat(temp.resolve("out")).doesNotExist();
        shell.run("recall", "plan", "latest", "--recall-batch", "0").endsWith(2).saysWhatIsWrong("--recall-batch");
        shell.run("recall", "plan", "latest", "--recall", "bulk", "--recall-batch", "7")
                .endsWith(0);
    }

    @Test
    void aKeyDomainIsMadeOnce() {
        shell.password(Shell.PASSWORD);
        JsonValue.Members json = shell.json("key", "add-domain", "part2", "--kdf", "pbkdf2");

        assertThat(list(json, "keys").stream().map(JsonValue.Members::values).map(Map::toString))
                .anyMatch(each -> each.contains("part2"));
        Shell.Ran again = shell.run("key", "add-domain", "part2", "--kdf", "pbkdf2", "--json")
                .endsWith(2);
        assertThat(again.json().members("error").text("message")).contains("of this name");
        assertThat(shell.run("key", "add-domain", "Part 2").endsWith(2).err()).contains("1 to 63");
        shell.run("verify", "--level", "content").endsWith(0);
    }

    @Test
    void reconcileSaysThatNothingIsMissingOrWhatIsAndWhy() {
        JsonValue.Members none = shell.json("tier", "reconcile");
        String snapshot = shell.snapshotIds().getFirst();
        Shell.write(temp.resolve("state/copies/" + snapshot + "@gone"), "\n2026-01-01T00:00:00Z\n");

        Shell.Ran missing = shell.run("tier", "reconcile", "--json").endsWith(3);

        assertThat(none.items("copies")).isEmpty();
        assertThat(shell.run("tier", "reconcile").endsWith(3).out())
                .contains(snapshot.substring(0, 8) + " from repository to gone: missing", "1 copies are still missing");
        JsonValue.Members copy = first(missing.json(), "copies");
        hasFields(copy, "snapshot", "from", "to", "since", "state", "error");
        assertThat(copy.text("error")).isEqualTo("CONFIGURATION_INVALID");
        assertThat(missing.json().whole("missing")).isEqualTo(1);
    }
}
