package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.Cause;
import org.medbackup.scheduler.state.Catalogue;
import org.medbackup.scheduler.state.CataloguedPoint;
import org.medbackup.testkit.FaultyStore;

/** The catalogue says which restore points there are, at all targets, and can be made anew from them. */
class CatalogueTest {

    @TempDir
    Path temp;

    private SimulatedSite site;

    @BeforeEach
    void open() {
        site = new SimulatedSite(temp, "catalogue", 11);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private List<CatalogueOperations.Rebuilt> rebuilt() {
        return site.catalogue().rebuild(site.access(""));
    }

    private static CatalogueOperations.Rebuilt of(String target, List<CatalogueOperations.Rebuilt> all) {
        return all.stream()
                .filter(each -> each.target().equals(target))
                .findFirst()
                .orElseThrow();
    }

    private static Catalogue.Change change(CatalogueOperations.Rebuilt rebuilt) {
        return Objects.requireNonNull(rebuilt.change());
    }

    @Test
    void itIsMadeFromTheRepositoryAndTheTargetsWithTheJobAndTheProofOfEachRestorePoint() {
        String first = site.run("records").snapshots().getFirst();
        site.time.advance(Duration.ofHours(1));
        site.write("note.txt", "second");
        String second = site.run("records").snapshots().getFirst();
        String clinic = site.run("clinic").snapshots().getFirst();
        List<String> both = site.run("both").snapshots();

        List<CatalogueOperations.Rebuilt> rebuilt = rebuilt();

        assertThat(rebuilt).extracting(CatalogueOperations.Rebuilt::target).containsExactly("", "vault");
        // Each run has read what it made; what it made of the site comes after that.
        assertThat(change(of("", rebuilt))).isEqualTo(new Catalogue.Change(5 + 4, 1, Set.of()));
        assertThat(change(of("vault", rebuilt))).isEqualTo(new Catalogue.Change(2 + 2, 1, Set.of()));
        CatalogueOperations.Listed listed = site.catalogue().list("");
        assertThat(listed.read()).containsOnlyKeys("", "vault");
        assertThat(listed.points()).hasSize(7 + 6).allMatch(CataloguedPoint::isGood);
        assertThat(listed.points())
                .as("those of the site are of no job")
                .filteredOn(point -> point.object().isEmpty())
                .hasSize(6);
        assertThat(site.catalogue().list("records").points())
                .extracting(CataloguedPoint::snapshot, CataloguedPoint::target)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(second, ""),
                        org.assertj.core.groups.Tuple.tuple(second, "vault"),
                        org.assertj.core.groups.Tuple.tuple(first, ""),
                        org.assertj.core.groups.Tuple.tuple(first, "vault"));
        assertThat(site.catalogue().list("clinic").points()).singleElement().satisfies(point -> {
            assertThat(point.snapshot()).isEqualTo(clinic);
            assertThat(point.host()).isEqualTo("host");
            assertThat(point.proof()).isNotNull().satisfies(proof -> {
                assertThat(proof.level()).isEqualTo("STRUCTURE");
                assertThat(proof.whole()).isTrue();
            });
        });
        assertThat(site.catalogue().list("both").points())
                .extracting(CataloguedPoint::snapshot)
                .containsExactlyInAnyOrderElementsOf(both);
        Site.failure(ErrorCode.JOB_NOT_CONFIGURED, () -> site.catalogue().list("absent"));
    }

    @Test
    void afterItWasLostAllOfItIsThereAgain() throws IOException {
        site.run("records");
        site.run("both");
        rebuilt();
        List<CataloguedPoint> before = site.catalogue().list("").points();
        for (String file : List.of("catalogue.db", "catalogue.db-wal", "catalogue.db-shm")) {
            Files.deleteIfExists(temp.resolve("state").resolve(file));
        }
        assertThat(site.catalogue().list("").points()).isEmpty();

        rebuilt();

        assertThat(site.catalogue().list("").points()).hasSize(4 + 3).isEqualTo(before);
    }

    @Test
    void whatSomebodyGaveUpIsNotListedAnyMore() {
        String first = site.run("records").snapshots().getFirst();
        site.time.advance(Duration.ofHours(1));
        site.run("records");
        rebuilt();
        site.time.advance(Duration.ofHours(1));

        site.forget("", first);

        assertThat(change(of("", rebuilt()))).isEqualTo(new Catalogue.Change(1 + 2, 0, Set.of(first)));
        assertThat(site.catalogue().list("").points())
                .filteredOn(point -> point.snapshot().equals(first))
                .extracting(CataloguedPoint::target)
                .containsExactly("vault");
        assertThat(site.incidents().list()).as("somebody meant it").isEmpty();
    }

    @Test
    void restorePointsThatNobodyGaveUpAreMissedUntilAPersonHasTakenCareOfIt() {
        String first = site.run("records").snapshots().getFirst();
        rebuilt();
        site.time.advance(Duration.ofHours(1));
        site.deleted(first);

        CatalogueOperations.Rebuilt read = of("", rebuilt());
        assertThat(change(read)).isEqualTo(new Catalogue.Change(1, 0, Set.of(first)));
        assertThat(read.lost()).containsExactly(first);

        assertThat(site.incidents().list()).singleElement().satisfies(incident -> {
            assertThat(incident.cause()).isEqualTo(new Cause("SNAPSHOT_MISSING", "repository"));
            assertThat(incident.severity()).isEqualTo(Severity.CRITICAL);
            assertThat(incident.description().remedy()).contains("from a copy");
        });
        rebuilt();
        String id = site.incidents().list().getFirst().id();
        site.incidents().acknowledge(id, "it was the old storage", Duration.ofHours(1));
        rebuilt();
        assertThat(site.incidents().list()).isEmpty();
    }

    @Test
    void aTargetThatDoesNotAnswerKeepsWhatIsKnownOfIt() {
        site.run("records");
        rebuilt();
        site.trouble(new SimulatedSite.Trouble() {
            @Override
            public FaultyStore.Fault call(String target, FaultyStore.Call call, String name) {
                if (target.equals("vault")) {
                    throw ErrorCode.STORE_UNAVAILABLE.because("nobody answers");
                }
                return FaultyStore.Fault.NONE;
            }
        });

        List<CatalogueOperations.Rebuilt> rebuilt = rebuilt();

        assertThat(change(of("", rebuilt)).points()).as("and that of the site").isEqualTo(2);
        assertThat(of("vault", rebuilt).change()).isNull();
        assertThat(of("vault", rebuilt).failure())
                .extracting(BackupException::code)
                .isEqualTo(ErrorCode.STORE_UNAVAILABLE);
        assertThat(site.catalogue().list("").points()).hasSize(4);
    }

    @Test
    void aMemberOfAGroupWithoutTheOthersProtectsNothing() {
        site.time.advance(Duration.ofHours(1));
        // As a worker of a daemon does it, which reads later.
        List<String> both = site.run("both", new RunHold() {}).snapshots();
        site.forget("", both.getFirst());

        assertThat(change(of("", rebuilt())).points())
                .as("the other may be on its way, and there is the site")
                .isEqualTo(1);
        site.time.advance(Duration.ofHours(2));
        rebuilt();

        assertThat(site.catalogue().list("both").points()).singleElement().satisfies(point -> {
            assertThat(point.kind()).isEqualTo(CataloguedPoint.Kind.INCOMPLETE);
            assertThat(point.isGood()).isFalse();
        });
    }

    @Test
    void noPathIsInIt() throws IOException {
        site.run("records");
        rebuilt();
        try (Stream<Path> files = Files.list(temp.resolve("state"))) {
            for (Path file : files.filter(each -> each.getFileName().toString().startsWith("catalogue.db"))
                    .toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .doesNotContain(site.source().toString())
                        .doesNotContain("note.txt");
            }
        }
    }
}
