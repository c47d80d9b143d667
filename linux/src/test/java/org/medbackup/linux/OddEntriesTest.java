package org.medbackup.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What few file systems hold, and every backup must bring back. */
class OddEntriesTest {

    @TempDir
    Path temp;

    private Fd folder;

    @BeforeEach
    void openFolder() {
        folder = Fd.CWD.open(bytes(temp.toString()), Fd.READ | Fd.FOLDER);
    }

    @AfterEach
    void closeFolder() {
        folder.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private Fd create(byte[] name) {
        return folder.open(name, Fd.READ_WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0640);
    }

    private FileStatus status(byte[] name) {
        return folder.status(name).orElseThrow();
    }

    private static byte[] longestForeignName() {
        byte[] name = new byte[255];
        for (int i = 0; i < name.length; i++) {
            name[i] = (byte) (0x80 + i % 0x80);
        }
        return name;
    }

    @Test
    void aNameOf255BytesThatAreNoTextGoesThroughEveryCall() {
        byte[] name = longestForeignName();
        byte[] other = name.clone();
        other[0] = '\n';
        create(name).close();

        ExtendedAttributes.set(folder, name, "user.note", bytes("x"));
        Attributes.permissions(folder, name, 0600);
        Attributes.modified(folder, name, new FileTime(7, 8));
        Entries.link(folder, name, folder, other);

        assertThat(status(other).inode()).isEqualTo(status(name).inode());
        assertThat(status(other).modified()).isEqualTo(new FileTime(7, 8));
        assertThat(ExtendedAttributes.of(folder, other)).containsOnlyKeys("user.note");
        try (Fd again = Fd.CWD.open(bytes(temp.toString()), Fd.READ | Fd.FOLDER)) {
            Folder names = Folder.read(again);
            assertThat(names.size()).isEqualTo(2);
            assertThat(names.name(0)).isEqualTo(other);
            assertThat(names.name(1)).isEqualTo(name);
        }
        Entries.remove(folder, other);
        try (Fd file = folder.openBeneath(name, Fd.READ, 0)) {
            assertThat(file.status().links()).isEqualTo(1);
        }
    }

    @Test
    void aSymlinksContentIsAnyBytesUpToTheLongestPath() {
        byte[] content = new byte[4095];
        Arrays.fill(content, (byte) 0xe9);
        Entries.makeSymlink(folder, bytes("l"), content);

        assertThat(Entries.readSymlink(folder, bytes("l"))).isEqualTo(content);
        assertThat(status(bytes("l")).size()).isEqualTo(4095);
    }

    /** A list of the kernel's form (linux/posix_acl_xattr.h): version 2, then tag, permissions, id. */
    private static byte[] accessList(int[]... entries) {
        ByteBuffer list = ByteBuffer.allocate(4 + 8 * entries.length).order(ByteOrder.LITTLE_ENDIAN);
        list.putInt(2);
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return list.array();
    }

    @Test
    void accessControlListsComeBackAsSet() {
        byte[] list = accessList(
                new int[] {0x01, 6, -1},
                new int[] {0x02, 4, 1234},
                new int[] {0x04, 4, -1},
                new int[] {0x10, 4, -1},
                new int[] {0x20, 0, -1});
        try (Fd file = create(bytes("f"))) {
            ExtendedAttributes.set(file, "system.posix_acl_access", list);

            assertThat(ExtendedAttributes.of(file).get("system.posix_acl_access"))
                    .isEqualTo(list);
            assertThat(file.status().permissions()).isEqualTo(0640);
        }
        Entries.makeFolder(folder, bytes("d"), 0750);
        ExtendedAttributes.set(folder, bytes("d"), "system.posix_acl_default", list);

        assertThat(ExtendedAttributes.of(folder, bytes("d")).get("system.posix_acl_default"))
                .isEqualTo(list);
    }

    @Test
    void anAccessListThatIsNoneIsRefused() {
        try (Fd file = create(bytes("f"))) {
            assertThatThrownBy(() -> ExtendedAttributes.set(file, "system.posix_acl_access", new byte[] {9, 9, 9}))
                    .isInstanceOf(LinuxException.class);
            assertThat(ExtendedAttributes.of(file)).isEmpty();
        }
    }

    @Test
    void aValueLongerThanTheKernelTakesIsRefused() {
        try (Fd file = create(bytes("f"))) {
            assertThatThrownBy(() -> ExtendedAttributes.set(file, "user.long", new byte[65_537]))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.call()).isEqualTo("fsetxattr"));
        }
    }

    @Test
    void manyAttributesComeBackInTheOrderOfTheirNames() {
        try (Fd file = create(bytes("f"))) {
            for (int i = 0; i < 40; i++) {
                ExtendedAttributes.set(file, "user.number-" + (i * 7 % 40 + 100), new byte[] {(byte) i});
            }
            assertThat(List.copyOf(ExtendedAttributes.of(file).keySet()))
                    .hasSize(40)
                    .isSorted();
        }
    }

    @Test
    void aFifoAndADeviceTakeAttributesWithoutBeingOpened() {
        assumeTrue(Accounts.self() == 0, "making device nodes and trusted attributes needs root");
        Entries.makeNode(folder, bytes("p"), FileType.FIFO, 0600, 0);
        Entries.makeNode(folder, bytes("c"), FileType.CHARACTER_DEVICE, 0600, Devices.number(1, 3));

        for (String name : new String[] {"p", "c"}) {
            ExtendedAttributes.set(folder, bytes(name), "trusted.note", bytes(name));
            Attributes.owner(folder, bytes(name), 11, 12);
            Attributes.permissions(folder, bytes(name), 0621);
            Attributes.modified(folder, bytes(name), new FileTime(5, 6));

            assertThat(ExtendedAttributes.of(folder, bytes(name))).containsOnlyKeys("trusted.note");
            assertThat(status(bytes(name)).permissions()).isEqualTo(0621);
            assertThat(status(bytes(name)).gid()).isEqualTo(12);
            assertThat(status(bytes(name)).modified()).isEqualTo(new FileTime(5, 6));
        }
    }

    @Test
    void aFifoIsOpenedWithoutWaitingForItsOtherEnd() {
        Entries.makeNode(folder, bytes("p"), FileType.FIFO, 0600, 0);
        try (Fd fifo = folder.open(bytes("p"), Fd.READ | Fd.NON_BLOCK);
                Arena arena = Arena.ofConfined()) {
            assertThat(fifo.status().type()).isEqualTo(FileType.FIFO);
            assertThatThrownBy(() -> fifo.read(arena.allocate(1), 0))
                    .isInstanceOfSatisfying(
                            LinuxException.class,
                            failure -> assertThat(failure.call()).isEqualTo("pread"));
            assertThatThrownBy(() -> fifo.seekHole(0)).isInstanceOf(LinuxException.class);
        }
    }

    @Test
    void aSymlinkTakesNoAttributesOfUsers() {
        Entries.makeSymlink(folder, bytes("l"), bytes("nowhere"));

        assertThatThrownBy(() -> ExtendedAttributes.set(folder, bytes("l"), "user.note", bytes("x")))
                .isInstanceOfSatisfying(
                        LinuxException.class,
                        failure -> assertThat(failure.is(Errno.EPERM)).isTrue());
        assertThat(ExtendedAttributes.of(folder, bytes("l"))).isEmpty();
    }

    @Test
    void aFileOfTheKernelsOwnHasNoAttributesAndNoFlags() {
        try (Fd self = Fd.CWD.open(bytes("/proc/self"), Fd.READ | Fd.FOLDER);
                Fd status = self.open(bytes("status"), Fd.READ)) {
            assertThat(ExtendedAttributes.of(status)).isEmpty();
            assertThat(ExtendedAttributes.of(self, bytes("status"))).isEmpty();
            assertThat(Attributes.flags(status)).isZero();
        }
    }

    @Test
    void inodeFlagsOfTheFileSystemItselfStayAsTheyAre() {
        try (Fd file = create(bytes("f"))) {
            int own = Attributes.flags(file) & ~Attributes.KEPT_FLAGS;

            Attributes.flags(file, 0x80);
            assertThat(Attributes.flags(file)).isEqualTo(own | 0x80);

            Attributes.flags(file, ~Attributes.KEPT_FLAGS);
            assertThat(Attributes.flags(file)).isEqualTo(own);
        }
    }

    @Test
    void aFileOfHolesOnlyHasNoData() {
        try (Fd file = create(bytes("f"))) {
            file.truncate(5L << 30);

            assertThat(file.seekData(0)).isEqualTo(-1);
            assertThat(file.seekHole(0)).isZero();
            assertThat(file.status().maySparse()).isTrue();
            assertThat(file.seekData(6L << 30)).isEqualTo(-1);
            try (Arena arena = Arena.ofConfined()) {
                assertThat(file.read(arena.allocate(100), (5L << 30) - 10)).isEqualTo(10);
            }
        }
    }

    @Test
    void aFileWithoutHolesEndsInOne() {
        try (Fd file = create(bytes("f"));
                Arena arena = Arena.ofConfined()) {
            file.write(arena.allocate(10_000).fill((byte) 1), 0);
            file.sync();

            assertThat(file.seekData(0)).isZero();
            assertThat(file.seekHole(0)).isEqualTo(10_000);
            assertThat(file.status().maySparse()).isFalse();
        }
    }

    @ParameterizedTest(name = "{0} seconds")
    @ValueSource(longs = {-2_147_483_647L, -1, 0, 2_147_483_648L, 15_032_385_534L})
    void timesFarFromNowComeBackAsSet(long seconds) {
        var time = new FileTime(seconds, 999_999_999);
        try (Fd file = create(bytes("f"))) {
            Attributes.modified(file, time);

            assertThat(file.status().modified()).isEqualTo(time);
            assertThat(FileTime.of(file.status().modified().instant())).isEqualTo(time);
        }
    }

    @Test
    void aNewFileWasBornAndChangedNow() {
        try (Fd file = create(bytes("f"))) {
            FileStatus status = file.status();
            Instant now = Instant.now();

            assertThat(status.changed().instant()).isBetween(now.minusSeconds(60), now.plusSeconds(60));
            assertThat(status.born()).isIn(status.changed(), status.modified(), new FileTime(0, 0));
            assertThat(status.device()).isEqualTo(folder.status().device());
            assertThat(status.special()).isZero();
            assertThat(status.attributes()).isNotNegative();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource
    void theTypeIsReadFromTheModeWhateverThePermissions(FileType type) {
        assertThat(FileType.ofMode(type.bits() | 07777)).isEqualTo(type);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            longs = {
                0x9fa0,
                0x62656572,
                0x27e0eb,
                0x63677270,
                0x64626720,
                0x74726163,
                0x73636673,
                0xcafe4a11L,
                0x6165676c
            })
    void whatTheKernelMakesUpIsNotBackedUp(long magic) {
        assertThat(new FileSystems.Facts(magic, 4096, 0, 0).isVirtual()).isTrue();
        assertThat(new FileSystems.Facts(magic + 1, 4096, 0, 0).isVirtual()).isFalse();
    }

    @Test
    void namesOfAccountsAreAskedForOnceAndKept() {
        var accounts = new Accounts();

        assertThat(accounts.user(0)).isSameAs(accounts.user(0)).isEqualTo("root");
        assertThat(accounts.group(-2)).isSameAs(accounts.group(-2));
        assertThat(folder.status().uid()).isEqualTo(Accounts.self());
    }
}
