package org.medbackup.resilience.escalation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.medbackup.core.spi.notify.Notification.Kind.OPENED;
import static org.medbackup.core.spi.notify.Notification.Kind.REMINDED;
import static org.medbackup.core.spi.notify.Notification.Kind.RESOLVED;
import static org.medbackup.resilience.escalation.Scene.DEAD_TARGET;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.BackupEvent;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.resilience.escalation.FakeChannel.Mode;

/** What survives the end of the process. */
class IncidentStoreTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    /** The process dies at a step, before it has its effect or in the midst of it. */
    private static final class Dying implements FileSteps {

        private final int fatal;
        private final String reason;
        private int step;

        Dying(int fatal, String reason) {
            this.fatal = fatal;
            this.reason = reason;
        }

        private boolean dies() {
            return ++step == fatal;
        }

        private IOException death() {
            return new FileSystemException("the file", null, reason);
        }

        @Override
        public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            if (dies()) {
                channel.write(bytes.slice(0, bytes.remaining() / 2));
                throw death();
            }
            FileSteps.super.write(channel, bytes);
        }

        @Override
        public void force(FileChannel channel) throws IOException {
            if (dies()) {
                throw death();
            }
            FileSteps.super.force(channel);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            if (dies()) {
                throw death();
            }
            FileSteps.super.move(from, to);
        }
    }

    private Path file() {
        return temp.resolve("escalation/incidents.json");
    }

    @Test
    void theDocumentThatWasSavedLastIsLoaded() throws IOException {
        for (IncidentStore store : List.of(IncidentStore.inMemory(), IncidentStore.inFile(file()))) {
            assertThat(store.load()).isEmpty();
            store.save("one");
            store.save("two");
            assertThat(store.load()).contains("two");
        }
        assertThat(Files.readString(file())).isEqualTo("two");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(file().getParent()).isDirectoryContaining("glob:**/incidents.json");
    }

    @ParameterizedTest(name = "step {0}")
    @ValueSource(ints = {1, 2, 3, 4})
    void whereverTheProcessDiesTheOldOrTheNewDocumentIsThere(int step) {
        IncidentStore.inFile(file()).save("old and longer");

        var dying = new FileIncidentStore(file(), new Dying(step, "killed"));
        assertThatThrownBy(() -> dying.save("new"))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));

        IncidentStore next = IncidentStore.inFile(file());
        assertThat(next.load()).contains(step == 4 ? "new" : "old and longer");
        next.save("newer");
        assertThat(next.load()).contains("newer");
        assertThat(file().resolveSibling("incidents.json.new")).doesNotExist();
    }

    @Test
    void aSaveHasFourStepsAndNoFifth() {
        new FileIncidentStore(file(), new Dying(5, "killed")).save("new");

        assertThat(IncidentStore.inFile(file()).load()).contains("new");
    }

    @Test
    void aDiskThatIsFullIsNamedAsSuch() {
        var full = new FileIncidentStore(file(), new Dying(1, "No space left on device"));

        assertThatThrownBy(() -> full.save("new"))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.NO_SPACE));
    }

    @Test
    void aFileThatCannotBeReadIsSaidToBe() throws IOException {
        Files.createDirectories(file());

        assertThatThrownBy(() -> IncidentStore.inFile(file()).load())
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"version\":2}",
                "{\"version\":1,\"lastDigest\":\"yesterday\",\"incidents\":[],\"courses\":{},\"channels\":{}}",
                "{\"version\":1,\"lastDigest\":\"2026-03-05T10:00:00Z\",\"incidents\":[7],\"courses\":{},\"channels\":{}}",
                "{\"version\":1,\"lastDigest\":\"2026-03-05T10:00:00Z\",\"incidents\":[],\"courses\":{},\"channels\":{"
                        + "\"mail\":{\"pending\":[{\"incident\":\"0123456789abcdef\",\"kind\":\"OPENED\",\"refusals\":0}],"
                        + "\"told\":[],\"surplus\":{\"told\":false,\"named\":[]},\"digest\":{\"told\":false,\"named\":[]},"
                        + "\"digestDue\":false,\"sent\":[],\"failures\":0,\"refusals\":0}}}",
                "{\"version\":1,\"lastDigest\":\"2026-03-05T10:00:00Z\",\"incidents\":[],\"courses\":{},\"channels\":{"
                        + "\"mail\":{\"pending\":[],\"told\":[7]}}}"
            })
    void aDocumentThatIsNoneIsRefused(String text) {
        IncidentStore store = IncidentStore.inMemory();
        store.save(text);

        assertThatThrownBy(() -> new Scene(EscalationRules.of(Scene.ROUTES, Scene.BERLIN), store))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failed -> assertThat(failed.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
    }

    @Test
    void afterARestartNothingIsToldTwiceAndNothingIsForgotten() {
        var scene = new Scene(EscalationRules.of(Scene.ROUTES, Scene.BERLIN), IncidentStore.inFile(file()));
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        scene.fails(new Cause("NO_SPACE", "disk"), "weekly", Severity.WARNING);
        scene.pass(Duration.ofMinutes(20));

        scene.restart();
        scene.pass(Duration.ofMinutes(9));
        assertThat(scene.mail.kinds()).containsExactly(OPENED);

        scene.pass(MINUTE);
        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        scene.restart();
        scene.take(DEAD_TARGET, Duration.ofHours(2));
        scene.restart();
        scene.pass(Duration.ofMinutes(119));
        assertThat(scene.phone.taken()).isEmpty();
        scene.restart();
        scene.pass(MINUTE);
        assertThat(scene.pager.kinds()).endsWith(REMINDED);

        scene.restart();
        scene.succeeds(DEAD_TARGET, "nightly");
        assertThat(scene.pager.kinds()).endsWith(RESOLVED);
        scene.restart();
        scene.pass(Duration.ofDays(1));
        assertThat(scene.mail.last().title()).isEqualTo("Warnings: 1 new");
    }

    @Test
    void noFileNameAndNoPatientStandsInTheFile() throws IOException {
        var scene = new Scene(EscalationRules.of(Scene.ROUTES, Scene.BERLIN), IncidentStore.inFile(file()));

        scene.fails(new Cause("SOURCE_UNREADABLE", "/srv/patients/mueller.pdf"), "../etc/passwd", Severity.ERROR);

        assertThat(Files.readString(file())).contains("veiled-").doesNotContain("mueller", "passwd");
    }

    @Test
    void whatMayHaveArrivedWhenTheProcessDiedIsSentAgainAndItsEndIsTold() {
        var scene = new Scene();
        scene.pager.during(() -> {
            throw new StackOverflowError("the process dies");
        });
        assertThatThrownBy(() -> scene.fails(DEAD_TARGET, "nightly", Severity.CRITICAL))
                .isInstanceOf(StackOverflowError.class);
        Optional<String> left = scene.store.load();

        scene.restart();
        scene.escalation.tick();
        assertThat(scene.pager.kinds()).containsExactly(OPENED);

        scene.pager.taken().clear();
        scene.store.save(left.orElseThrow());
        scene.restart();
        scene.succeeds(DEAD_TARGET, "nightly");
        assertThat(scene.pager.kinds()).containsExactly(RESOLVED);
    }

    @Test
    void peopleAreToldThoughTheStateCannotBeWrittenAndAlsoOfThat() {
        boolean[] full = {true};
        IncidentStore inner = IncidentStore.inMemory();
        IncidentStore store = new IncidentStore() {
            @Override
            public void save(String document) {
                if (full[0]) {
                    throw ErrorCode.NO_SPACE.because("injected");
                }
                inner.save(document);
            }

            @Override
            public Optional<String> load() {
                return inner.load();
            }
        };
        var scene = new Scene(EscalationRules.of(Scene.ROUTES, Scene.BERLIN), store);

        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);
        assertThat(scene.mail.taken())
                .hasSize(2)
                .anyMatch(each -> each.resource().equals("incidents"));

        full[0] = false;
        scene.pass(MINUTE);
        assertThat(scene.only().cause()).isEqualTo(DEAD_TARGET);
        assertThat(scene.mail.last().kind()).isEqualTo(RESOLVED);
        assertThat(inner.load()).isPresent();
    }

    @Test
    void whatAChannelShouldHaveGotThatIsGoneIsWrittenDown() {
        var scene = new Scene();
        scene.mail.is(Mode.AWAY);
        scene.fails(DEAD_TARGET, "nightly", Severity.ERROR);

        scene.rules = EscalationRules.of(Routes.of("pager"), Scene.BERLIN);
        scene.restart();
        scene.escalation.tick();

        assertThat(scene.pager.kinds()).containsExactly(OPENED);
        assertThat(scene.events.of(BackupEvent.PhaseEnded.class))
                .filteredOn(each -> each.phase().equals("channel-removed"))
                .singleElement()
                .satisfies(each -> assertThat(each.facts().open())
                        .containsEntry("channel", "mail")
                        .containsEntry("unsent", "1"));
    }
}
