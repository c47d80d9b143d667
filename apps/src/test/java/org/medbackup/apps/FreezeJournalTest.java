package org.medbackup.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.Entropy;
import org.medbackup.core.Secret;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.event.OperationLog;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.Connection;

/** The third layer: what is frozen stands on disk, and whoever starts next thaws it. */
class FreezeJournalTest {

    @TempDir
    Path temp;

    private final Stage stage = new Stage();

    private FreezeJournal journal() {
        return journal("0123456789abcdef0123456789abcdef");
    }

    private FreezeJournal journal(String key) {
        return FreezeJournal.in(temp.resolve("freeze"), Secret.ofText(key), Entropy.system());
    }

    private Frozen frozen(String application) {
        return frozen(application, new Frozen.Origin("another boot", 1, 0, 0));
    }

    private Frozen frozen(String application, Frozen.Origin origin) {
        return new Frozen(
                application,
                "run-1",
                new Connection(
                        URI.create("scripted://backup:canary-1@" + application + ":1/db?sslpassword=canary-2&ssl=on"),
                        new TreeMap<>(Map.of("dataDirectory", "/srv/patients")),
                        Map.of("password", Secret.ofText("canary-3"))),
                Hook.of(Duration.ofSeconds(3), "/opt/thaw", "now")
                        .succeedingWith(0, 5)
                        .pinnedTo("ab"),
                Duration.ofSeconds(20),
                origin);
    }

    @Test
    void whatWasKeptIsReadAgainWithAllThatAThawNeedsAndNoSecret() {
        journal().keep(frozen("a"));

        Frozen read = journal().read().frozen().getFirst();

        assertThat(read).isEqualTo(frozen("a").withoutSecrets());
        assertThat(read.connection().address()).isEqualTo(URI.create("scripted://backup@a:1/db?ssl=on"));
        assertThat(read.connection().option("dataDirectory", "")).isEqualTo("/srv/patients");
        assertThat(read.connection().secrets()).isEmpty();
        assertThat(read.thaw()).isNotNull().extracting(Hook::sha256).isEqualTo("ab");
        assertThat(read).hasToString("Frozen[a by run-1]");
    }

    @ParameterizedTest
    @CsvSource({
        "scripted://h/,scripted://h/",
        "scripted:///path,scripted:///path",
        "scripted://u@h/p,scripted://u@h/p",
        "scripted://u:p@h:1,scripted://u@h:1",
        "scripted://h/?password=x,scripted://h/",
        "scripted://h/?a=1&apiToken=x&b,scripted://h/?a=1&b"
    })
    void anAddressIsKeptWithoutWhatIsSecretInIt(String address, String kept) {
        var frozen = new Frozen(
                "a",
                "r",
                Connection.to(URI.create(address)),
                null,
                Duration.ofSeconds(1),
                Frozen.Origin.here(stage.clock));

        assertThat(frozen.withoutSecrets().connection().address()).isEqualTo(URI.create(kept));
    }

    @Test
    void onDiskNothingCanBeReadOfIt() throws IOException {
        journal().keep(frozen("heart-clinic"));

        try (Stream<Path> files = Files.list(temp.resolve("freeze"))) {
            List<Path> all = files.toList();
            assertThat(all).singleElement().satisfies(file -> {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertThat(content).doesNotContain("heart-clinic", "run-1", "patients", "canary");
                assertThat(file.toString()).doesNotContain("heart", "run-1");
            });
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("freeze"))))
                .isEqualTo("rwx------");
    }

    @Test
    void anEntryIsOneFileHoweverOftenItIsKeptAndGoesOnceItIsRemoved() {
        FreezeJournal journal = journal();
        journal.keep(frozen("a"));
        journal.keep(frozen("a"));
        journal.keep(frozen("b"));
        assertThat(journal.read().frozen()).hasSize(2);

        journal.remove(frozen("a"));
        journal.remove(frozen("a"));

        assertThat(journal.read().frozen()).extracting(Frozen::application).containsExactly("b");
    }

    @Test
    void anEntryIsRemovedAlsoByAThreadThatIsInterrupted() {
        journal().keep(frozen("a"));
        Thread.currentThread().interrupt();

        journal().remove(frozen("a"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(journal().read().isEmpty()).isTrue();
    }

    @Test
    void whereNothingWasEverFrozenTheJournalIsEmptyAndMakesNoFolder() {
        assertThat(journal().read().isEmpty()).isTrue();
        assertThat(temp.resolve("freeze")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "long enough to hold a nonce and a tag and a text"})
    void anEntryThatCannotBeReadIsReportedKeptAndInNobodysWay(String content) throws IOException {
        FreezeJournal journal = journal();
        journal.keep(frozen("a"));
        Path broken = Files.writeString(temp.resolve("freeze/freeze-1"), content);
        Files.writeString(temp.resolve("freeze/freeze-2.new"), "a draft");
        var application = new ScriptedApplication(true);

        FreezeRecovery.Result result = recovery(journal, frozen -> application).replay();

        assertThat(result).isEqualTo(new FreezeRecovery.Result(1, 0, 0, 1));
        assertThat(result.isClean()).isFalse();
        assertThat(stage.said()).containsExactlyInAnyOrder("found FREEZE_JOURNAL_DAMAGED", "thaw SUCCESS");
        assertThat(broken).exists();
    }

    @Test
    void anotherHostsEntriesAreBroken() {
        journal().keep(frozen("a"));

        assertThat(journal("another key of another host").read().broken()).hasSize(1);
    }

    @Test
    void anEntryUnderAnotherNameIsBroken() throws IOException {
        FreezeJournal journal = journal();
        journal.keep(frozen("a"));
        Files.move(journal.entryOf(frozen("a")), temp.resolve("freeze/freeze-other"));

        assertThat(journal.read().broken()).containsExactly("freeze-other");
    }

    @Test
    void anEntryOfAnotherVersionOrWithCountsThatNobodyWritesIsRefused() {
        byte[] bytes = FrozenCodec.encode(frozen("a"));
        bytes[0] = 2;
        assertThatThrownBy(() -> FrozenCodec.decode(bytes)).isInstanceOf(IOException.class);
        bytes[0] = 1;
        int options = 1
                + 2
                + 1
                + 2
                + 5
                + 2
                + frozen("a").connection().address().toString().length();
        bytes[options] = -1;
        assertThatThrownBy(() -> FrozenCodec.decode(bytes)).isInstanceOf(IOException.class);
        bytes[options] = 0;
        bytes[options - 5] = ' ';
        assertThatThrownBy(() -> FrozenCodec.decode(bytes)).isInstanceOf(IOException.class);
    }

    @Test
    void aJournalThatCannotBeWrittenReadOrClearedSaysSo() throws IOException {
        Files.writeString(temp.resolve("freeze"), "a file");
        assertUnusable(() -> journal().keep(frozen("a")));
        assertUnusable(() -> journal().read());
        assertUnusable(() -> journal().remove(frozen("a")));
    }

    private static void assertUnusable(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BackupException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNUSABLE));
    }

    private FreezeRecovery recovery(FreezeJournal journal, Function<Frozen, Application> opener) {
        return new FreezeRecovery(journal, stage.clock, stage.log(), Duration.ofSeconds(5), opener);
    }

    @Test
    void whatAnEarlierBootLeftFrozenIsThawedAndForgotten() {
        FreezeJournal journal = journal();
        journal.keep(frozen("a"));
        journal.keep(frozen("b"));
        var opened = new ConcurrentHashMap<String, ScriptedApplication>();

        var result = recovery(
                        journal,
                        frozen -> opened.computeIfAbsent(frozen.application(), name -> new ScriptedApplication(true)))
                .replay();

        assertThat(result).isEqualTo(new FreezeRecovery.Result(2, 0, 0, 0));
        assertThat(result.isClean()).isTrue();
        assertThat(opened.values()).allMatch(each -> each.journal().equals(List.of("thaw", "close")));
        assertThat(journal.read().isEmpty()).isTrue();
        assertThat(stage.said()).containsExactly("thaw SUCCESS", "thaw SUCCESS");
    }

    @Test
    void whatCannotBeThawedStaysInTheJournalAndDoesNotHinderTheOthers() {
        FreezeJournal journal = journal();
        journal.keep(frozen("fails"));
        journal.keep(frozen("breaks"));
        journal.keep(frozen("works"));
        var failing = new ScriptedApplication(true).in(Phase.THAW, Stage.failing(ErrorCode.APPLICATION_UNREACHABLE));
        Function<Frozen, Application> opener = frozen -> switch (frozen.application()) {
            case "fails" -> failing;
            case "breaks" -> throw new IllegalStateException("no such adapter");
            default -> new ScriptedApplication(true);
        };

        assertThat(recovery(journal, opener).replay()).isEqualTo(new FreezeRecovery.Result(1, 0, 2, 0));

        assertThat(stage.said()).containsExactlyInAnyOrder("found THAW_FAILED", "found INTERNAL", "thaw SUCCESS");
        assertThat(journal.read().frozen())
                .extracting(Frozen::application)
                .containsExactlyInAnyOrder("fails", "breaks");
    }

    @Test
    void whatALivingProcessHoldsWithinItsTimeIsLeftAlone() {
        FreezeJournal journal = journal();
        journal.keep(frozen("held", Frozen.Origin.here(stage.clock)));
        Function<Frozen, Application> nobody = frozen -> {
            throw new AssertionError("it is not to be opened");
        };
        assertThat(recovery(journal, nobody).replay()).isEqualTo(new FreezeRecovery.Result(0, 1, 0, 0));

        stage.clock.advance(Duration.ofSeconds(31));

        assertThat(recovery(journal, frozen -> new ScriptedApplication(true)).replay())
                .isEqualTo(new FreezeRecovery.Result(1, 0, 0, 0));
    }

    @Test
    void anOwnerThatIsGoneOrAnotherProcessOfItsNumberHoldsNothing() {
        Frozen.Origin here = Frozen.Origin.here(stage.clock);
        assertThat(frozen("a", here).isHeld(here)).isTrue();
        assertThat(frozen("a", new Frozen.Origin(here.boot(), here.pid(), here.started() - 1, here.nanos()))
                        .isHeld(here))
                .isFalse();
        assertThat(frozen("a", new Frozen.Origin(here.boot(), Integer.MAX_VALUE, 0, here.nanos()))
                        .isHeld(here))
                .isFalse();
        assertThat(frozen("a", new Frozen.Origin(here.boot(), here.pid(), here.started(), here.nanos() + 1))
                        .isHeld(here))
                .isFalse();
        assertThat(frozen("a", new Frozen.Origin("other", here.pid(), here.started(), here.nanos()))
                        .isHeld(here))
                .isFalse();
    }

    @Test
    void whereTheBootHasNoIdEveryEntryCountsAsOneOfAnotherBoot() {
        assertThat(Frozen.Origin.bootId(temp.resolve("absent"))).startsWith("unknown ");
    }

    @Test
    void anInterruptDoesNotKeepTheReplayFromThawing() {
        FreezeJournal journal = journal();
        journal.keep(frozen("a"));
        var application = new ScriptedApplication(true);
        Thread.currentThread().interrupt();

        assertThat(new FreezeRecovery(
                                journal,
                                stage.clock,
                                OperationLog.silent(),
                                Duration.ofSeconds(5),
                                frozen -> application)
                        .replay()
                        .thawed())
                .isEqualTo(1);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(application.journal()).contains("thaw");
    }

    @Test
    void aHookIsWholeOrRefused() {
        assertThatThrownBy(() -> Hook.of(Duration.ofSeconds(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hook.of(Duration.ZERO, "/bin/true")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Hook.of(Duration.ofSeconds(1), "/bin/true").succeedingWith())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
