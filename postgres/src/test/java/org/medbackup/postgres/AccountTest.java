package org.medbackup.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;

class AccountTest {

    private final OpenFolder folder = new OpenFolder();

    @AfterEach
    void remove() {
        folder.close();
    }

    @Test
    void withoutPrivilegesWeStayWhoWeAre() throws IOException {
        Path status = folder.resolve("status");
        Files.writeString(status, "Name:\tjava\nUid:\t1000\t1001\t1001\t1001\nGid:\t2000\t2001\t2001\t2001\n");

        Account account = Account.ownerOf(folder.path(), List.of(), status);

        assertThat(account).isEqualTo(new Account(1001, 2001, false));
        assertThat(account.prefix()).isEmpty();
        assertThatCode(() -> account.requireAccess(folder.path())).doesNotThrowAnyException();
    }

    @Test
    void anAccountThatIsNotRootNeedsNoPrefixAndNoCheck() {
        var self = new Account(1000, 1000, false);

        assertThat(self.prefix()).isEmpty();
        self.requireAccess(Path.of("/absent"));
        self.adopt(Path.of("/absent"));
    }

    @Test
    void rootHandsItsFolderToAnAccountWithoutPrivileges() throws IOException {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");
        Path data = Files.createDirectories(folder.resolve("data/base"));
        Files.writeString(data.resolve("1"), "page");
        Path outside = Files.writeString(folder.resolve("outside"), "not ours");
        Files.createSymbolicLink(data.resolve("link"), outside);

        Account account = Account.ownerOf(folder.resolve("data"));

        assertThat(account.uid()).isPositive();
        assertThat(account.prefix()).startsWith("setpriv", "--reuid=" + account.uid(), "--regid=" + account.gid());
        assertThat(Files.getAttribute(data.resolve("1"), "unix:uid")).isEqualTo((int) account.uid());
        assertThat(Files.getAttribute(outside, "unix:uid")).isEqualTo(0);
        assertThat(Account.ownerOf(folder.resolve("data"))).isEqualTo(account);
    }

    @Test
    void takesTheNextAccountWhereOneIsUnknown() {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");
        var unknown = new Account.Candidate("no-such-account", "no-such-group");

        Account account = Account.ownerOf(folder.path(), List.of(unknown, new Account.Candidate("nobody", "nogroup")));

        assertThat(account.uid()).isPositive();
    }

    @Test
    void saysWhenThereIsNoAccountToBecome() {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");

        assertThatThrownBy(() -> Account.ownerOf(folder.path(), List.of()))
                .isInstanceOfSatisfying(
                        BackupException.class, none -> assertThat(none.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE));
    }

    @Test
    void aFolderThatIsNotThereCannotBeOwned() {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");

        assertThatThrownBy(() -> Account.ownerOf(folder.resolve("absent"))).hasMessageContaining("cannot be read");
        assertThatThrownBy(() -> new Account(1, 1, true).adopt(folder.resolve("absent")))
                .hasMessageContaining("cannot be given");
        assertThatThrownBy(() -> new Account(1, 1, true).requireAccess(folder.resolve("absent")))
                .hasMessageContaining("cannot be looked at");
    }

    @Test
    void saysWhichFoldersTheServersAccountCannotEnter() throws IOException {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");
        Path above = Files.createDirectories(folder.resolve("above"));
        Path data = Files.createDirectories(above.resolve("data"));
        var account = new Account(4711, 4712, true);

        mode(above, "rwx------");
        assertThatThrownBy(() -> account.requireAccess(data))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        closed -> assertThat(closed.code()).isEqualTo(ErrorCode.TARGET_UNUSABLE))
                .hasMessageContaining("cannot enter a folder above");

        Permissions.give(above, 0, 4712);
        assertThatThrownBy(() -> account.requireAccess(data)).isInstanceOf(BackupException.class);
        mode(above, "rwx--x---");
        account.requireAccess(data);
        Permissions.give(above, 4711, 0);
        mode(above, "rwx------");
        account.requireAccess(data);
    }

    @Test
    void adoptsOnlyWhatIsRoots() throws IOException {
        assumeTrue(OpenFolder.weAreRoot(), "needs root");
        Path roots = Files.createDirectories(folder.resolve("roots"));
        Path others = Files.createDirectories(folder.resolve("others"));
        Permissions.give(others, 4711, 4711);
        var account = new Account(4712, 4712, true);

        account.adopt(roots);
        account.adopt(others);

        assertThat(Files.getAttribute(roots, "unix:uid")).isEqualTo(4712);
        assertThat(Files.getAttribute(others, "unix:uid")).isEqualTo(4711);
    }

    private static void mode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
