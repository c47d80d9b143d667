package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntriesTest {

    @TempDir
    Path temp;

    private Fd folder;

    @BeforeEach
    void openFolder() {
        folder = Fd.CWD.open(temp.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Fd file(String name) {
        return folder.open(bytes(name), Fd.READ_WRITE | Fd.CREATE, 0644);
    }

    private FileStatus status(String name) {
        return folder.status(bytes(name)).orElseThrow();
    }

    @Test
    void everyKindOfEntryCanBeMade() {
        Entries.makeFolder(folder, bytes("d"), 0750);
        Entries.makeSymlink(folder, bytes("l"), new byte[] {'x', (byte) 0xff});
        Entries.makeNode(folder, bytes("p"), FileType.FIFO, 0600, 0);
        Entries.makeNode(folder, bytes("s"), FileType.SOCKET, 0600, 0);

        assertThat(status("d").type()).isEqualTo(FileType.FOLDER);
        assertThat(Entries.readSymlink(folder, bytes("l"))).containsExactly('x', 0xff);
        assertThat(status("p").type()).isEqualTo(FileType.FIFO);
        assertThat(status("s").type()).isEqualTo(FileType.SOCKET);
        assertThatThrownBy(() -> Entries.makeFolder(folder, bytes("d"), 0700))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.EEXIST)).isTrue());
    }

    @Test
    void rootCanMakeDeviceNodes() {
        assumeTrue(Accounts.self() == 0, "making device nodes needs root");
        Entries.makeNode(folder, bytes("null"), FileType.CHARACTER_DEVICE, 0666, Devices.number(1, 3));
        Entries.makeNode(folder, bytes("disk"), FileType.BLOCK_DEVICE, 0600, Devices.number(7, 200));

        assertThat(status("null").special()).isEqualTo(Devices.number(1, 3));
        assertThat(status("null").type()).isEqualTo(FileType.CHARACTER_DEVICE);
        assertThat(status("disk").type()).isEqualTo(FileType.BLOCK_DEVICE);
    }

    @Test
    void linksRenamesAndRemovals() {
        file("a").close();
        Entries.link(folder, bytes("a"), folder, bytes("b"));
        assertThat(status("a").links()).isEqualTo(2);

        Entries.rename(folder, bytes("b"), folder, bytes("c"));
        assertThat(folder.status(bytes("b"))).isEmpty();

        Entries.remove(folder, bytes("c"));
        assertThat(status("a").links()).isEqualTo(1);

        Entries.makeFolder(folder, bytes("d"), 0700);
        Entries.removeFolder(folder, bytes("d"));
        assertThat(folder.status(bytes("d"))).isEmpty();
        assertThatThrownBy(() -> Entries.remove(folder, bytes("absent"))).isInstanceOf(LinuxException.class);
    }

    @Test
    void permissionsAndTimesAreSetExactly() {
        var time = new FileTime(-86_400, 123_456_789);
        try (Fd file = file("f")) {
            Attributes.permissions(file, 04711);
            Attributes.modified(file, time);
        }
        assertThat(status("f").permissions()).isEqualTo(04711);
        assertThat(status("f").modified()).isEqualTo(time);

        Attributes.permissions(folder, bytes("f"), 0600);
        Attributes.modified(folder, bytes("f"), new FileTime(1_000_000_000, 1));
        assertThat(status("f").permissions()).isEqualTo(0600);
        assertThat(status("f").modified()).isEqualTo(new FileTime(1_000_000_000, 1));
    }

    @Test
    void aSymlinksOwnTimeIsSetNotItsTargets() {
        file("target").close();
        FileTime before = status("target").modified();
        Entries.makeSymlink(folder, bytes("l"), bytes("target"));

        Attributes.modified(folder, bytes("l"), new FileTime(42, 0));

        assertThat(status("l").modified()).isEqualTo(new FileTime(42, 0));
        assertThat(status("target").modified()).isEqualTo(before);
    }

    @Test
    void rootCanChangeOwners() {
        assumeTrue(Accounts.self() == 0, "changing owners needs root");
        try (Fd file = file("f")) {
            Attributes.owner(file, 1234, 5678);
        }
        Entries.makeSymlink(folder, bytes("l"), bytes("f"));
        Attributes.owner(folder, bytes("l"), 42, 43);

        assertThat(status("f").uid()).isEqualTo(1234);
        assertThat(status("f").gid()).isEqualTo(5678);
        assertThat(status("l").uid()).isEqualTo(42);
    }

    @Test
    void extendedAttributesComeBackAsSet() {
        try (Fd file = file("f")) {
            ExtendedAttributes.set(file, "user.note", new byte[] {0, 1, (byte) 0xff});
            ExtendedAttributes.set(file, "user.empty", new byte[0]);

            assertThat(ExtendedAttributes.of(file)).containsOnlyKeys("user.empty", "user.note");
            assertThat(ExtendedAttributes.of(file).get("user.note")).containsExactly(0, 1, 0xff);
            assertThat(ExtendedAttributes.of(file).get("user.empty")).isEmpty();
        }
        ExtendedAttributes.set(folder, bytes("f"), "user.more", bytes("x"));
        assertThat(ExtendedAttributes.of(folder, bytes("f")).get("user.more")).isEqualTo(bytes("x"));
        assertThatThrownBy(() -> ExtendedAttributes.set(folder, bytes("f"), "nonsense", bytes("x")))
                .isInstanceOf(LinuxException.class);
        assertThatThrownBy(() -> ExtendedAttributes.of(folder, bytes("absent"))).isInstanceOf(LinuxException.class);
    }

    @Test
    void aLargeAttributeComesBackWhole() {
        var value = new byte[3000];
        Arrays.fill(value, (byte) 9);
        try (Fd file = file("f")) {
            ExtendedAttributes.set(file, "user.large", value);
            assertThat(ExtendedAttributes.of(file).get("user.large")).isEqualTo(value);
        }
    }

    @Test
    void rootCanLabelSymlinks() {
        assumeTrue(Accounts.self() == 0, "trusted attributes need root");
        Entries.makeSymlink(folder, bytes("l"), bytes("nowhere"));

        ExtendedAttributes.set(folder, bytes("l"), "trusted.label", bytes("v"));

        assertThat(ExtendedAttributes.of(folder, bytes("l")).get("trusted.label"))
                .isEqualTo(bytes("v"));
    }

    @Test
    void inodeFlagsAreReadAndSet() throws Exception {
        try (Fd file = file("f")) {
            int before = Attributes.flags(file);
            Attributes.flags(file, before | 0x40);

            assertThat(Attributes.flags(file) & 0x40).isEqualTo(0x40);
        }
        Path proc = Path.of("/proc/self/status");
        assertThat(Files.exists(proc)).isTrue();
        try (Fd file = Fd.CWD.open(bytes(proc.toString()), Fd.READ)) {
            assertThat(Attributes.flags(file)).isZero();
            assertThatThrownBy(() -> Attributes.flags(file, 0x40)).isInstanceOf(LinuxException.class);
        }
    }
}
