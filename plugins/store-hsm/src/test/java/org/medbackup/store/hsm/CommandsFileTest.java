package org.medbackup.store.hsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.medbackup.store.hsm.HsmStoreTest.failure;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

/** The file of commands is used only where it is right and nobody else can change it. */
class CommandsFileTest {

    @TempDir
    Path temp;

    private FakeHsm hsm;

    @BeforeEach
    void makeHsm() throws Exception {
        hsm = new FakeHsm(temp);
    }

    private BackupException refused(ErrorCode code, Path file) {
        return failure(code, () -> new HsmStoreProvider().open(hsm.location(file)));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        SiteCommands commands = CommandsFile.read(hsm.write(hsm.askingState() + "    seconds: 7\n"
                + hsm.recalling("    seconds: 9\n    hours: 3\n    background: true\n    atOnce: 2\n")));

        SiteCommands.State state = java.util.Objects.requireNonNull(commands.state());
        assertThat(state.command().limit()).isEqualTo(Duration.ofSeconds(7));
        assertThat(state.states().read("/f: RESTORE released", Path.of("/f"))).isEqualTo(Residence.COMING);
        assertThat(state.states().read("/f: released", Path.of("/f"))).isEqualTo(Residence.OFFLINE);
        assertThat(state.states().read("/released/f: exists", Path.of("/released/f")))
                .isEqualTo(Residence.RESIDENT);
        SiteCommands.Recalling recall = java.util.Objects.requireNonNull(commands.recall());
        SiteCommand command = java.util.Objects.requireNonNull(recall.command());
        assertThat(command.arguments()).hasSize(4).endsWith("{keep}");
        assertThat(command.limit()).isEqualTo(Duration.ofSeconds(9));
        assertThat(recall.patience()).isEqualTo(Duration.ofHours(3));
        assertThat(recall.background()).isTrue();
        assertThat(recall.atOnce()).isEqualTo(2);
    }

    /** Whether their programs print this can be seen only where they are. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "0; /f: (0x0000000d) released exists archived, archive_id:1; OFFLINE",
                "0; /f: (0x00000009) exists archived, archive_id:1; RESIDENT",
                "0; /f: (0x00000000); RESIDENT",
                "1; '  4194304        0        0   m     f'; OFFLINE",
                "1; '  4194304  4194304     4096   p     f'; RESIDENT",
                "1; '  4194304  4194304     4096   r     f'; RESIDENT",
            })
    void theExamplesOfTheManualAreRight(int example, String said, Residence meant) throws Exception {
        String manual = Files.readString(Path.of(System.getProperty("medbackup.root"), "docs/store-hsm.md"));
        String text = manual.split("```yaml\n", -1)[example + 1].split("```", -1)[0];
        Path file = hsm.write("");
        Files.writeString(file, text.replaceAll("/usr/bin/[a-z]+", "/bin/cat"));

        SiteCommands commands = CommandsFile.read(file);

        assertThat(java.util.Objects.requireNonNull(commands.state()).states().read(said + "\n", Path.of("/f")))
                .isEqualTo(meant);
        assertThat(commands.recall()).isNotNull();
    }

    @Test
    void aFileWithoutCommandsIsAsNone() throws Exception {
        assertThat(CommandsFile.read(hsm.write("  {}\n"))).isEqualTo(SiteCommands.NONE);
    }

    @Test
    void aFileThatIsNotThereIsNamedToTheCaller() {
        BackupException missing = refused(ErrorCode.CONFIGURATION_INVALID, temp.resolve("absent.yaml"));

        assertThat(missing.getMessage()).contains("is not there").doesNotContain("absent.yaml");
        assertThat(missing.toCaller()).contains(temp.resolve("absent.yaml").toString());
    }

    /** Line breaks are written as |. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "3; state: [a; expected ',' or ']'",
                "2; sate: {}; known here: state, recall",
                "3; recall:|    run: no list; it should be of type",
                "3; recall:|    run: [/bin/cat]; commands.recall.run: it breaks the rule minItems",
                "3; recall:|    run: [/bin/cat, -n]; no argument has {} for the file",
                "3; recall:|    run: [cat, '{}']; write the absolute path",
                "3; recall:|    run: [/bin/there-is-none, '{}']; this program is not there",
                "2; recall: {seconds: 5}; write either run, or byReading: true",
                "2; recall: {byReading: true, run: [/bin/cat, '{}']}; write either run, or byReading: true",
                "2; recall: {byReading: true, seconds: 0}; commands.recall.seconds: it breaks the rule minimum",
                "2; state: {run: [/bin/cat, '{}']}; the key states is missing",
                "2; state: {run: [/bin/cat, '{}'], states: {}}; the key offline is missing",
                "4; state:|    run: [/bin/cat, '{}']|    states: {offline: '(a'}; it is no pattern of RE2",
                "2; state: {run: [/bin/cat, '{}'], states: {offline: '(a)\\1'}}; no back references",
            })
    void whatIsWrongWithItIsNamedWithItsLine(int line, String text, String said) throws Exception {
        Path file = hsm.write("  " + text.replace("|", "\n") + "\n");

        BackupException wrong = refused(ErrorCode.CONFIGURATION_INVALID, file);

        assertThat(wrong.getMessage()).contains("line " + line + " of the file of commands", said);
        assertThat(wrong.context()).containsEntry("line", String.valueOf(line));
        assertThat(wrong.toCaller()).contains(file.toString());
        assertThat(wrong.remedy()).contains("Mend the file at the named line");
    }

    @Test
    void aDocumentThatIsNoObjectOrTooLongIsRefused() throws Exception {
        Path file = hsm.write("");
        Files.writeString(file, "- a\n");
        assertThat(refused(ErrorCode.CONFIGURATION_INVALID, file).getMessage())
                .contains("line 1 of the file of commands, it should be of type");

        Files.writeString(file, "#".repeat(70_000));
        assertThat(refused(ErrorCode.CONFIGURATION_INVALID, file).getMessage()).contains("longer than 64 KiB");
    }

    @Test
    void aFileThatOthersMayChangeIsNotTrusted() throws Exception {
        Path file = hsm.write(hsm.recalling(""));
        for (String mode : List.of("rw-rw-r--", "rw-r--rw-")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

            BackupException open = refused(ErrorCode.HOOK_REFUSED, file);

            assertThat(open.getMessage()).contains("the file of commands", "written to by others");
            assertThat(open.toCaller()).contains(file.toString());
        }
    }

    @Test
    void aFolderAboveThatOthersMayChangeIsNotTrustedEither() throws Exception {
        Path file = hsm.write(hsm.recalling(""));
        Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxrwxrwx"));

        refused(ErrorCode.HOOK_REFUSED, file);
    }

    @Test
    void aFileOfAnotherAccountIsNotTrusted() throws Exception {
        assumeTrue(org.medbackup.linux.Accounts.self() == 0, "only root gives files away");
        Path file = hsm.write(hsm.recalling(""));
        Files.setAttribute(file, "unix:uid", 65_534);

        assertThat(refused(ErrorCode.HOOK_REFUSED, file).getMessage()).contains("belongs to another account");
    }

    @Test
    void aProgramThatOthersMayChangeIsNotRun() throws Exception {
        Path file = hsm.write(hsm.recalling(""));
        Files.setPosixFilePermissions(temp.resolve("programs/recall"), PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThat(refused(ErrorCode.HOOK_REFUSED, file).getMessage())
                .contains("the program of the site's command for recall");
    }

    @Test
    void aProgramThatIsAFolderIsRefused() throws Exception {
        Path folder = Files.createDirectories(temp.resolve("folder"));
        Path file = hsm.write("  recall: {run: [" + folder + ", '{}']}\n");

        assertThat(refused(ErrorCode.HOOK_REFUSED, file).getMessage()).contains("is no file");
    }

    @Test
    void aProgramIsTrustedThroughALinkThatNobodyElseCanReplace() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("link"), hsm.recallProgram());

        assertThat(CommandsFile.read(hsm.write("  recall: {run: [" + link + ", '{}']}\n"))
                        .recall())
                .isNotNull();
    }

    @Test
    void trustNeedsAnAbsolutePathOfAFileThatIsThere() {
        assertThat(failure(ErrorCode.HOOK_REFUSED, () -> Trust.require(Path.of("hsm.yaml"), "it")))
                .hasMessageContaining("it is not named by an absolute path");
        assertThat(failure(ErrorCode.HOOK_REFUSED, () -> Trust.require(temp.resolve("absent"), "it")))
                .hasMessageContaining("it is not there");
    }

    @ParameterizedTest
    @CsvSource({
        "hsm:relative",
        "hsm://host/mnt/archive",
        "hsm:///mnt/archive?commands=relative.yaml",
        "hsm:///mnt/archive?commands=",
        "hsm:///mnt/archive?command=/etc/hsm.yaml",
        "hsm:///mnt/archive?commands=/etc/hsm.yaml&more=1",
        "hsm:///mnt/archive?commands=%00",
        "hsm:///mnt/archive?commands=%zz",
        "hsm:///mnt/archive#part",
        "hsm:///mnt/%00",
    })
    void aLocationThatCannotBeOneIsRefusedAndNotQuoted(String location) {
        URI uri;
        try {
            uri = URI.create(location);
        } catch (IllegalArgumentException noUri) {
            return;
        }
        BackupException refused = failure(ErrorCode.LOCATION_UNSUPPORTED, () -> new HsmStoreProvider().open(uri));

        assertThat(refused.getMessage()).contains("hsm:///folder?commands=").doesNotContain("archive");
    }

    @Test
    void aLocationIsReadWithItsEscapes() {
        HsmLocation location = HsmLocation.of(URI.create("hsm:///mnt/a%20b/./c/?commands=/etc/x%20y+z.yaml"));

        assertThat(location.folder()).isEqualTo(Path.of("/mnt/a b/c"));
        assertThat(location.commands()).isEqualTo(Path.of("/etc/x y+z.yaml"));
        assertThat(location).hasToString("hsm:///mnt/a b/c");
    }

    @Test
    void valuesThatCannotBeAreNotMade() {
        assertThatThrownBy(() -> new HsmLocation(Path.of("a"), null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SiteCommand("recall", List.of("/bin/cat"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SiteCommand("recall", List.of("/bin/cat", "{}"), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SiteCommands.Recalling(null, false, 1, Duration.ofHours(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
