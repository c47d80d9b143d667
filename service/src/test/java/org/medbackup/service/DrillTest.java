package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.Deadline;
import org.medbackup.core.error.CancelledException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.app.Application.Readiness;
import org.medbackup.core.spi.app.ContentCheck;
import org.medbackup.recovery.simulate.Stage;
import org.medbackup.service.DrillResult.Check;
import org.medbackup.service.DrillResult.Left;
import org.medbackup.service.DrillResult.Network;
import org.medbackup.service.DrillResult.Recovered;
import org.medbackup.service.DrillResult.Timed;

/** Drills that start a real database in a sandbox, check it, and leave nothing. */
@Timeout(180)
class DrillTest {

    private static DrilledSite clinic;

    @BeforeAll
    static void backUp() {
        clinic = new DrilledSite();
    }

    @AfterAll
    static void remove() {
        clinic.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertThat(clinic.scratch()).isEmptyDirectory();
        try (Stream<Path> leases = Files.list(clinic.site.state().resolve("drills"))) {
            assertThat(leases).isEmpty();
        }
        assertThat(Site.everythingBelow(clinic.site.state().resolve("audit"))).doesNotContain(DrilledSite.CANARY);
    }

    private static Recovered of(DrillResult result, String application) {
        return result.applications().stream()
                .filter(each -> each.name().equals(application))
                .findFirst()
                .orElseThrow();
    }

    private static String records(String checks) {
        return """
                name: clinic
                envelope: {parallel: 2}
                applications:
                  records: {job: records, objectives: {rto: 1h}, checks: [%s]}
                """.formatted(checks);
    }

    @Test
    void aDatabaseAndDocumentsAreRestoredStartedCheckedAndMeasuredAndProductionIsUntouched() throws Exception {
        // What a read would still write into pages is written before.
        clinic.database.ask("VACUUM FREEZE visit");
        String before = production();
        Map<String, String> relations = relations();
        List<String> outside = files();

        DrillResult result = clinic.drill(
                """
                name: clinic
                envelope: {parallel: 2}
                applications:
                  records:
                    job: records
                    objectives: {rto: 1h}
                    checks:
                      - {kind: hashes}
                      - {kind: application}
                      - {kind: sql, statement: "SELECT count(*) FROM visit", equals: 20000, least: 1, most: 20000}
                      - {kind: sql, statement: "SELECT who FROM visit WHERE id = 7", equals: canary-of-a-patient7}
                      - {kind: tcp}
                  documents:
                    job: documents
                    objectives: {rto: 1h}
                    after: {records: ready}
                    checks: [{kind: hashes}, {kind: command, command: "test -d %s"}]
                """.formatted(clinic.folder.resolve("documents").toString().substring(1)));

        assertThat(result.applications()).extracting(Recovered::name).containsExactly("records", "documents");
        assertThat(result.applications()).flatExtracting(Recovered::checks).allMatch(Check::ok);
        Recovered records = of(result, "records");
        assertThat(records.checks())
                .extracting(Check::name)
                .containsExactly("ransomware-signs", "hashes", "application", "sql", "sql", "tcp");
        assertThat(records.network()).isEqualTo(Network.PRIVATE);
        assertThat(records.stages())
                .extracting(Timed::stage)
                .containsExactly(Stage.RESTORE, Stage.CHECK, Stage.REPLAY, Stage.CHECK);
        Duration last = records.begin();
        for (Timed each : records.stages()) {
            assertThat(each.begin()).isGreaterThanOrEqualTo(last);
            assertThat(each.end()).isGreaterThanOrEqualTo(each.begin());
            last = each.end();
        }
        assertThat(records.end()).isGreaterThanOrEqualTo(last);
        Recovered documents = of(result, "documents");
        assertThat(documents.network()).isEqualTo(Network.NONE);
        assertThat(documents.stages())
                .extracting(Timed::stage)
                .containsExactly(Stage.RESTORE, Stage.CHECK, Stage.CHECK);
        assertThat(documents.begin())
                .as("it waits until the database answers")
                .isGreaterThanOrEqualTo(records.stages().get(1).end());
        assertThat(result.isMet()).isTrue();
        assertThat(result.left()).isEqualTo(Left.NOTHING);
        assertThat(production()).isEqualTo(before);
        assertThat(relations()).isEqualTo(relations);
        assertThat(files()).isEqualTo(outside);
    }

    /** Settings, contents and connections of the real database, and whether anything was written to it. */
    private static String production() {
        return clinic.database.ask("SELECT string_agg(name || setting, ',' ORDER BY name) FROM pg_settings")
                + clinic.database.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        // Those that ask here may still be on their way out.
                        + " AND application_name <> 'medbackup'")
                + clinic.database.ask("SELECT n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables"
                        + " WHERE relname = 'visit'")
                + clinic.database.ask("SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles")
                + clinic.database.ask("SELECT sum(hashtext(v::text)) FROM visit v");
    }

    /** The content of the production server's table and its index, by their files. */
    private static Map<String, String> relations() throws Exception {
        clinic.database.ask("CHECKPOINT");
        Map<String, String> sums = new TreeMap<>();
        for (String each : List.of("visit", "visits")) {
            Path file =
                    clinic.database.data().resolve(clinic.database.ask("SELECT pg_relation_filepath('" + each + "')"));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            sums.put(each, HexFormat.of().formatHex(digest));
        }
        return sums;
    }

    /** What lies beside the drill's folder. */
    private static List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(clinic.database.folder)) {
            return all.filter(each -> !each.startsWith(clinic.scratch())
                            && !each.startsWith(clinic.site.state())
                            && !each.startsWith(clinic.database.data())
                            && !each.getFileName().toString().startsWith("plan"))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatIsInsideReachesNoDatabaseOfThisMachineAndNobodyReachesTheRestoredOne() {
        int real = clinic.database.port();

        DrillResult result = clinic.drill(records("""
                {kind: tcp, port: %d, within: 0},
                {kind: command, command: "curl --silent --max-time 2 telnet://127.0.0.1:%d"},
                {kind: sql, statement: "SHOW listen_addresses", equals: 127.0.0.1},
                {kind: command, command: "printenv MEDBACKUP_DRILL MEDBACKUP_FOLDER MEDBACKUP_PORT"}
                """.formatted(real, real)));

        assertThat(of(result, "records").checks())
                .extracting(Check::ok)
                .as("the real database takes connections on that port outside")
                .containsExactly(true, false, false, true, true);
    }

    @Test
    void aStatementWhoseAnswerDiffersFailsAndTellsNoAnswer() {
        DrillResult result = clinic.drill(records("""
                {kind: sql, statement: "SELECT who FROM visit LIMIT 1", equals: somebody},
                {kind: sql, statement: "SELECT count(*) FROM visit", least: 20001},
                {kind: sql, statement: "SELECT count(*) FROM visit", most: 19999},
                {kind: sql, statement: "SELECT who FROM visit LIMIT 1", least: 1},
                {kind: sql, statement: "SELECT who FROM visit WHERE id = 0"},
                {kind: sql, statement: "SELECT canary FROM visit"},
                {kind: sql, statement: "DELETE FROM visit"},
                {kind: sql},
                {kind: http}
                """));

        assertThat(result.isSound()).isFalse();
        List<Check> asked = of(result, "records").checks();
        assertThat(asked.getFirst().name()).isEqualTo("ransomware-signs");
        assertThat(asked.subList(1, asked.size())).hasSize(9).noneMatch(Check::ok);
        assertThat(String.valueOf(DrillReport.members(result)))
                .doesNotContain(DrilledSite.CANARY)
                .contains("the answer differs");
        assertThat(of(result, "records").failed()).isNull();
    }

    /** Changes what was restored, as a bad disk does. */
    private record Damage(String name, String file, long at) implements ContentCheck {

        @Override
        public List<Readiness> check(Path folder, Deadline deadline) {
            Path real = clinic.database.data().resolve(file);
            Path page = folder.resolve(Path.of("/").relativize(real));
            try (FileChannel channel = FileChannel.open(page, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                var one = ByteBuffer.allocate(1);
                channel.read(one, at);
                channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
            return List.of(new Readiness("signs", true, "none", ""));
        }
    }

    @Test
    void aFlippedByteInAPageOfTheCopyIsFound() {
        String table = clinic.database.ask("SELECT pg_relation_filepath('visit')");

        DrillResult result = clinic.drill(
                records("{kind: hashes}, {kind: application}"),
                DrilledSite.settings(clinic.folder, clinic.database.password()),
                new Damage("content", table, 4 * 8192 + 5000));

        assertThat(of(result, "records").checks())
                .extracting(Check::name, Check::ok)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("content", true),
                        org.assertj.core.groups.Tuple.tuple("hashes", true),
                        org.assertj.core.groups.Tuple.tuple("application", false));
        assertThat(result.isSound()).isFalse();
    }

    @Test
    void whatDoesNotStartFailsAndWhatNeedsItIsNotBegunAndTheRestGoesOn() {
        DrillResult result =
                clinic.drill("""
                        name: clinic
                        envelope: {parallel: 2}
                        applications:
                          records: {job: records, objectives: {rto: 1h}, checks: [{kind: application}]}
                          portal: {job: documents, objectives: {rto: 2h}, after: {records: started}}
                          letters: {job: documents, objectives: {rto: 2h}, after: {portal: verified}}
                          documents: {job: documents, objectives: {rto: 1h}}
                        """, DrilledSite.settings(clinic.folder, clinic.database.password()), new ContentCheck() {
                    @Override
                    public String name() {
                        return "content";
                    }

                    @Override
                    public List<Readiness> check(Path folder, Deadline deadline) {
                        Path version = folder.resolve(Path.of("/").relativize(clinic.database.data()))
                                .resolve("PG_VERSION");
                        try {
                            Files.deleteIfExists(version);
                        } catch (IOException failed) {
                            throw new UncheckedIOException(failed);
                        }
                        return List.of(new Readiness("sign", folder.endsWith("records"), "", ""));
                    }
                });

        Recovered records = of(result, "records");
        assertThat(records.failed()).isEqualTo(Stage.REPLAY);
        assertThat(records.isMet()).isFalse();
        assertThat(records.checks().getLast().message())
                .contains("REPLAY", ErrorCode.RESTORED_APPLICATION_INVALID.name());
        assertThat(result.notBegun()).containsExactly("portal", "letters");
        assertThat(of(result, "documents").checks())
                .extracting(Check::name, Check::ok)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("content", false),
                        org.assertj.core.groups.Tuple.tuple("hashes", true));
        assertThat(of(result, "documents").checks().getFirst().message()).isEqualTo("not passed: sign");
        assertThat(result.isMet()).isFalse();
        assertThat(result.isSound()).isFalse();
        assertThat(String.valueOf(DrillReport.members(result))).contains("notBegun", "portal", "REPLAY");
    }

    private static String documents(String checks) {
        return """
                name: clinic
                envelope: {parallel: 1}
                applications:
                  documents: {job: documents, objectives: {rto: 1h}, checks: [%s]}
                """.formatted(checks);
    }

    @Test
    void aServiceThatIsStartedByACommandIsAskedOverHttp() throws IOException {
        Path answers = Files.createDirectories(clinic.folder.resolve("answers"));
        Files.writeString(answers.resolve("count.json"), "{\"resourceType\":\"Bundle\",\"total\":1234}");
        Path script = Files.writeString(
                clinic.folder.resolve("serve"), """
                #!/bin/sh
                setsid %s/bin/java -m jdk.httpserver -p 8080 -d %s >/dev/null 2>&1 </dev/null &
                """.formatted(System.getProperty("java.home"), answers));
        script.toFile().setExecutable(true);

        DrillResult result = clinic.drill(documents("""
                {kind: command, command: "%s"},
                {kind: tcp, port: 8080, within: 60},
                {kind: http, url: "http://127.0.0.1:8080/count.json"},
                {kind: http, url: "http://127.0.0.1:8080/count.json", pointer: /total, least: 1000, most: 2000},
                {kind: http, url: "http://127.0.0.1:8080/absent", status: 404},
                {kind: http, url: "http://127.0.0.1:8080/count.json", pointer: /total, least: 2000},
                {kind: http, url: "http://127.0.0.1:8080/count.json", pointer: /none},
                {kind: http, url: "http://127.0.0.1:8080/absent", within: 0},
                {kind: http, url: "http://127.0.0.1:8081/", within: 0},
                {kind: tcp, port: 8081, within: 0},
                {kind: tcp},
                {kind: application},
                {kind: sql, statement: "SELECT 1"},
                {kind: command},
                {kind: command, command: "false"},
                {kind: command, command: "/no/such/program"},
                {kind: command, command: "sleep 60", within: 1}
                """.formatted(script)));

        List<Check> checks = result.applications().getFirst().checks();
        assertThat(checks.subList(0, 6)).allMatch(Check::ok);
        assertThat(checks.subList(6, checks.size())).hasSize(12).noneMatch(Check::ok);
        assertThat(checks.get(8).message()).isEqualTo("it answered with 404");
        assertThat(checks.get(9).message()).isEqualTo("it answered with nothing");
        assertThat(checks.getLast().message()).isEqualTo("it did not end in time");
        assertThat(String.valueOf(DrillReport.members(result))).doesNotContain("1234");
        Files.delete(script);
    }

    /** A machine without namespaces. */
    private static final class NoNamespaces implements Processes {

        @Override
        public Completed run(Command command) {
            return Processes.system().run(command);
        }

        @Override
        public Running start(Command command) {
            return Processes.system().start(command);
        }
    }

    @Test
    void withoutASandboxNothingIsStartedUnlessTheNetworkMayBeShared() {
        Site.failure(ErrorCode.SANDBOX_UNAVAILABLE, () -> clinic.drill(records("{kind: hashes}"), new NoNamespaces()));

        Recovered records = of(
                clinic.sharing(records("{kind: sql, statement: SELECT 1, equals: 1}, {kind: tcp}"), new NoNamespaces()),
                "records");

        assertThat(records.network()).isEqualTo(Network.SHARED);
        assertThat(records.checks()).allMatch(Check::ok);
        assertThat(clinic.drill(documents("{kind: hashes}"), new NoNamespaces()).isSound())
                .as("what starts nothing needs none")
                .isTrue();
    }

    @Test
    void whatIsSpokenToOverTheNetworkIsRefusedUnlessItMayBeShared() {
        String lab = "name: lab\napplications: {lab: {job: lab, objectives: {rto: 1h}}}\n";

        Site.failure(ErrorCode.SANDBOX_UNAVAILABLE, () -> clinic.drill(lab));
        // There is no restore point of it, which is only looked at then.
        Site.failure(ErrorCode.PLAN_OBSTRUCTED, () -> clinic.sharing(lab, Processes.system()));
    }

    @Test
    void aDrillThatIsInterruptedTakesEverythingAway() throws InterruptedException {
        Path marker = clinic.folder.resolve("reached");
        var failure = new AtomicReference<Throwable>();
        Thread drill = Thread.ofPlatform().start(() -> {
            try {
                clinic.drill(records(
                        "{kind: command, command: touch %s}, {kind: command, command: sleep 100}".formatted(marker)));
            } catch (RuntimeException cancelled) {
                failure.set(cancelled);
            }
        });
        while (Files.notExists(marker)) {
            assertThat(drill.isAlive()).isTrue();
            Thread.sleep(5);
        }

        drill.interrupt();
        drill.join();

        assertThat(failure.get()).isInstanceOf(CancelledException.class);
        assertThat(marker.toFile().delete()).isTrue();
    }
}
