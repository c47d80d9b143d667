package org.medbackup.testreport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.testreport.fixtures.Endings;
import org.medbackup.testreport.fixtures.Machine;
import org.medbackup.testreport.fixtures.Names;

final class ReportMergeTest {

    private final SampleBuild build;

    ReportMergeTest(@TempDir Path root) {
        build = new SampleBuild(root);
    }

    @Test
    void theReportHoldsTheTestsOfAllModules() {
        build.test("core", Endings.Good.class);
        var report = build.test("engine", Names.Adapter.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnlyKeys(
                        "Endings::Good::passes", "Endings::Good::Inside::passesToo", "Names::Adapter::keepsItsPromise");
        assertThat(report.number("exitcode")).isZero();
        assertThat(report.get("warnings")).isEmpty();
    }

    @Test
    void aFailureInOneModuleIsOneOfTheBuild() {
        build.test("core", Endings.BeforeCall.class);
        var report = build.test("engine", Endings.Good.class);

        assertThat(report.number("exitcode")).isOne();
    }

    @Test
    void anotherRunForgetsTheFirst() {
        build.test("core", Endings.BeforeCall.class);
        var report = new SampleBuild(build.root(), "2026-01-02T00:00:00Z").test("engine", Endings.Good.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnlyKeys("Endings::Good::passes", "Endings::Good::Inside::passesToo");
        assertThat(report.number("exitcode")).isZero();
    }

    @Test
    void aPartThatNeverSaidItsRunIsForgotten() throws Exception {
        Files.createDirectories(build.dir().resolve("parts"));
        Files.writeString(build.dir().resolve("parts/core-1.jsonl"), "{\"run\": \"20");

        assertThat(build.test("engine", Endings.Good.class).number("exitcode")).isZero();
    }

    @Test
    void oneTestOfTwoPlansStandsInTheReportTwice() {
        build.test("core", Names.Adapter.class);
        var report = build.test("core", Names.Adapter.class);

        assertThat(SampleBuild.outcomes(report))
                .containsOnlyKeys("Names::Adapter::keepsItsPromise", "Names::Adapter::keepsItsPromise#2");
    }

    @Test
    void aBuildWithoutTestsHasNotPassed() {
        assertThat(build.test("core", Names.class).number("exitcode")).isEqualTo("5");
    }

    @Test
    void aKilledJvmLeavesItsTestsAndAnInterruptedReport() throws Exception {
        Process killed = build.fork("core", Machine.Dies.class);
        assertThat(killed.waitFor()).isEqualTo(137);

        assertThat(build.report().number("exitcode")).isEqualTo("2");

        var report = build.test("engine", Endings.Good.class);
        assertThat(SampleBuild.outcomes(report)).contains(entry("Machine::Dies::lives", "passed"));
        assertThat(report.number("exitcode")).isEqualTo("2");
        assertThat(report.objects("warnings").getFirst().text("filename")).startsWith("parts/core-");
    }

    @Test
    void aLineThatWasCutOffInterruptsTheRun() throws Exception {
        build.test("core", Endings.Good.class);
        try (var parts = Files.list(build.dir().resolve("parts"))) {
            Files.write(parts.findFirst().orElseThrow(), new byte[] {'{', '"', (byte) 0xc3}, StandardOpenOption.APPEND);
        }

        var report = build.test("engine", Names.Adapter.class);

        assertThat(report.number("exitcode")).isEqualTo("2");
        assertThat(report.objects("tests")).hasSize(3);
    }

    @Test
    void modulesThatMergeAtTheSameTimeLoseNothing() throws Exception {
        Process core = build.fork("core", Names.Several.class);
        try (var threads = Executors.newFixedThreadPool(2)) {
            var engine = threads.submit(() -> SampleBuild.launch(build.settings("engine"), Endings.Good.class));
            var policy = threads.submit(() -> SampleBuild.launch(build.settings("policy"), Names.Adapter.class));
            engine.get(30, TimeUnit.SECONDS);
            policy.get(30, TimeUnit.SECONDS);
        }
        assertThat(core.waitFor()).isZero();

        var report = build.report();
        assertThat(report.objects("tests")).hasSize(2 + 1 + 12);
        assertThat(report.number("exitcode")).isZero();
    }

    @Test
    void launchesWithinARunningOneAreNotReported() throws Exception {
        Process outer = build.fork("core", Machine.Launches.class);
        assertThat(outer.waitFor()).isZero();

        assertThat(SampleBuild.outcomes(build.report()))
                .containsExactly(entry("Machine::Launches::launches", "passed"));
    }

    @Test
    void aLaunchAfterTheFirstIsReportedAgain() {
        var launched = new AtomicBoolean();
        SampleBuild.launch(new JsonReportListener(build.settings("core"), launched), true, Names.Adapter.class);
        SampleBuild.launch(new JsonReportListener(build.settings("engine"), launched), true, Endings.Good.class);

        assertThat(build.report().objects("tests")).hasSize(3);
    }

    @Test
    void aListenerWithoutSettingsDoesNothing() {
        SampleBuild.launch(new JsonReportListener(null, new AtomicBoolean()), true, Endings.InCall.class);

        assertThat(build.dir()).doesNotExist();
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamedAndDoesNotBlockTheNextLaunch() throws Exception {
        Files.createDirectories(build.dir().getParent());
        Files.writeString(build.dir(), "a file where the folder should be");

        var launched = new AtomicBoolean();
        var listener = new JsonReportListener(build.settings("core"), launched);

        assertThatThrownBy(() -> listener.testPlanExecutionStarted(SampleBuild.plan(Endings.Good.class)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(build.dir().toString());
        assertThat(launched).isFalse();
    }

    @Test
    void theDurationIsThatFromTheFirstStartToNow() throws Exception {
        var clock = new TickingClock();
        PartFile.open(build.settings("core"), 1, clock).close();

        assertThat(build.report().number("duration")).isEqualByComparingTo("3");
    }

    /** Each look at it finds it a second later. */
    private static final class TickingClock implements InstantSource {
        private long seconds = 1_000;

        @Override
        public Instant instant() {
            return Instant.ofEpochSecond(seconds++);
        }
    }
}
