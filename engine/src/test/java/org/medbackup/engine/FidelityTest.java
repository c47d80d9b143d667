package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.corpus.Bytes;
import org.medbackup.engine.RestoreRequest.Existing;
import org.medbackup.linux.Accounts;
import org.medbackup.linux.Entries;
import org.medbackup.linux.ExtendedAttributes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileTime;
import org.medbackup.linux.LinuxException;

/** Trees that a backup by names as text, by whole paths or by whole folders in memory would not bring back. */
class FidelityTest {

    /** 20,000 and a million, with what they take of memory, are in {@code ManyFilesTest} of the whole product. */
    private static final int MANY = Boolean.getBoolean("long") ? 100_000 : 2_000;

    @TempDir
    Path temp;

    private Path source = Path.of("source");
    private Path target = Path.of("target");
    private Sandbox sandbox = new Sandbox(Path.of("state"));

    @BeforeEach
    void create() throws IOException {
        source = Files.createDirectory(temp.resolve("source"));
        target = temp.resolve("target");
        sandbox = new Sandbox(temp.resolve("state")).create();
    }

    /** By a program that goes down folder by folder: paths may be longer than Java can remove. */
    @AfterEach
    void removeTrees() {
        LoopMount.succeeds("rm", "-rf", source.toString(), target.toString());
    }

    private static Fd open(Path folder) {
        return Fd.CWD.open(folder.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER);
    }

    private static Fd make(Fd folder, byte[] name) {
        return folder.open(name, Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE, 0640);
    }

    private static byte[] foreign(int... bytes) {
        var name = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            name[i] = (byte) bytes[i];
        }
        return name;
    }

    private void comesBack() {
        BackupResult backup = sandbox.backup(source);
        assertThat(backup.errors()).isEmpty();
        RestoreResult restore = sandbox.restore(backup.snapshot(), source, target);
        assertThat(restore.failures()).isEmpty();
        assertThat(TreeListing.of(target)).isEqualTo(TreeListing.of(source));
    }

    private RestoreResult again(Existing existing) {
        try (Repository repository = sandbox.open()) {
            String latest = repository.find("latest", Sandbox.SILENT).id();
            return repository.restore(
                    new RestoreRequest(latest, Sandbox.path(source), List.of(), target, existing), Sandbox.SILENT);
        }
    }

    @Test
    void namesThatAreNoTextComeBackAndAreFound() {
        try (Fd folder = open(source)) {
            make(folder, foreign('B', 'e', 'f', 'u', 'n', 'd', 0xfc)).close();
            make(folder, foreign(0xff, 0xfe, '\n', ' ')).close();
            Entries.makeFolder(folder, foreign(0xc3, 0x28), 0750);
            try (Fd below = folder.open(foreign(0xc3, 0x28), Fd.READ | Fd.FOLDER)) {
                make(below, foreign(0x80)).close();
                Entries.makeSymlink(below, foreign(0xe9), foreign('.', '.', '/', 0xff, 0xfe, '\n', ' '));
            }
        }

        comesBack();

        try (Repository repository = sandbox.open()) {
            var found = new java.util.ArrayList<String>();
            repository.search("Befund\\xfc", (snapshot, entry) -> found.add(entry.path()), Sandbox.SILENT);
            assertThat(found).containsExactly(source + "/Befund\\xfc");
        }
        assertThat(again(Existing.REPLACED).bytes().written()).isZero();
    }

    @Test
    void aPathLongerThanTheKernelTakesAtOnceComesBack() {
        byte[] name = "n".repeat(240).getBytes(UTF_8);
        Deque<Fd> open = new ArrayDeque<>();
        open.push(open(source));
        int length = 0;
        while (length < 4_300) {
            Entries.makeFolder(open.element(), name, 0755);
            open.push(open.element().open(name, Fd.READ | Fd.FOLDER));
            length += name.length + 1;
        }
        make(open.element(), "deepest".getBytes(UTF_8)).close();
        Entries.link(open.element(), "deepest".getBytes(UTF_8), open.element(), "linked".getBytes(UTF_8));
        Entries.makeSymlink(open.element(), "symlink".getBytes(UTF_8), "deepest".getBytes(UTF_8));
        open.forEach(Fd::close);

        comesBack();

        assertThat(again(Existing.REPLACED).failures()).isEmpty();
        assertThat(again(Existing.RESUMED).failures()).isEmpty();
    }

    @Test
    void aFolderOfManyFilesComesBack() {
        try (Fd folder = open(source)) {
            for (int i = 0; i < MANY; i++) {
                byte[] name = ("result-" + i + ".hl7").getBytes(UTF_8);
                make(folder, name).close();
            }
        }

        comesBack();

        RestoreResult again = again(Existing.REPLACED);
        assertThat(again.files()).isEqualTo(MANY);
        assertThat(again.extra()).isZero();
    }

    @Test
    void holesStayHoles() throws IOException {
        Path sparse = source.resolve("sparse.img");
        try (var file = new RandomAccessFile(sparse.toFile(), "rw")) {
            for (int i = 0; i < 4; i++) {
                file.seek(i * (16L << 20));
                file.write(Bytes.random(i, 100_000));
            }
            file.setLength(80L << 20);
        }

        comesBack();

        try (Fd before = open(source);
                Fd after = open(target)) {
            byte[] name = "sparse.img".getBytes(UTF_8);
            long allocated = before.status(name).orElseThrow().blocks() * 512;
            assertThat(allocated).isLessThan(1 << 20);
            assertThat(after.status(name).orElseThrow().blocks() * 512).isLessThanOrEqualTo(allocated + 65_536);
            try (Fd restored = after.open(name, Fd.READ)) {
                assertThat(restored.seekData(1 << 20)).isEqualTo(16 << 20);
                assertThat(restored.seekData(60 << 20)).isEqualTo(-1);
            }
        }
    }

    @Test
    void ofAFileWithSeveralNamesTheFirstSelectedOneGetsTheData() throws IOException {
        Files.write(source.resolve("a"), Bytes.random(1, 300_000));
        Files.createLink(source.resolve("b"), source.resolve("a"));
        Files.createDirectory(source.resolve("sub"));
        Files.createLink(source.resolve("sub/c"), source.resolve("a"));
        String snapshot = sandbox.backup(source).snapshot();
        List<PathBytes> includes = List.of(Sandbox.path(source.resolve("b")), Sandbox.path(source.resolve("sub")));

        RestoreResult result;
        try (Repository repository = sandbox.open()) {
            result = repository.restore(
                    new RestoreRequest(snapshot, Sandbox.path(source), includes, target), Sandbox.SILENT);
        }

        assertThat(result.failures()).isEmpty();
        assertThat(result.files()).isEqualTo(1);
        assertThat(target.resolve("a")).doesNotExist();
        assertThat(target.resolve("sub/c")).hasBinaryContent(Bytes.random(1, 300_000));
        assertThat(Files.getAttribute(target.resolve("b"), "unix:ino"))
                .isEqualTo(Files.getAttribute(target.resolve("sub/c"), "unix:ino"));
        assertThat(Files.getAttribute(target.resolve("b"), "unix:nlink")).isEqualTo(2);
    }

    @Test
    void securityLabelsComeBack() throws IOException {
        assumeTrue(Accounts.self() == 0, "setting security labels needs root");
        byte[] label = "system_u:object_r:postgresql_db_t:s0\0".getBytes(UTF_8);
        Files.writeString(source.resolve("PG_VERSION"), "18");
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("PG_VERSION"));
        try (Fd folder = open(source)) {
            try (Fd file = folder.open("PG_VERSION".getBytes(UTF_8), Fd.READ)) {
                ExtendedAttributes.set(file, "security.selinux", label);
            } catch (LinuxException refused) {
                assumeTrue(false, "this kernel takes no labels: " + refused.getMessage());
            }
            ExtendedAttributes.set(folder, "symlink".getBytes(UTF_8), "security.selinux", label);
            ExtendedAttributes.set(folder, "security.selinux", label);
        }

        comesBack();

        try (Fd folder = open(target);
                Fd file = folder.open("PG_VERSION".getBytes(UTF_8), Fd.READ)) {
            assertThat(ExtendedAttributes.of(file)).containsEntry("security.selinux", label);
            assertThat(ExtendedAttributes.of(folder, "symlink".getBytes(UTF_8)))
                    .containsEntry("security.selinux", label);
        }
    }

    @Test
    void anAttributeThatGivesRightsWhichTheFileDidNotHaveIsTakenAway() throws IOException {
        Files.writeString(source.resolve("letter"), "x");
        Files.createSymbolicLink(source.resolve("symlink"), Path.of("letter"));
        sandbox.backup(source);
        RestoreResult first = again(Existing.LEFT);
        assertThat(first.isComplete()).isTrue();
        try (Fd folder = open(target);
                Fd file = folder.open("letter".getBytes(UTF_8), Fd.READ)) {
            ExtendedAttributes.set(file, "user.note", "x".getBytes(UTF_8));
            ExtendedAttributes.set(file, "system.posix_acl_access", everybodyMayRead());
            org.medbackup.linux.Attributes.modified(folder, "symlink".getBytes(UTF_8), new FileTime(1, 2));
        }

        RestoreResult result = again(Existing.REPLACED);

        assertThat(result.failures()).isEmpty();
        assertThat(TreeListing.of(target)).isEqualTo(TreeListing.of(source));
    }

    /** Version 2, then tag, permissions, id of each entry (linux/posix_acl_xattr.h). */
    private static byte[] everybodyMayRead() {
        var list = java.nio.ByteBuffer.allocate(4 + 5 * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        list.putInt(2);
        int[][] entries = {{0x01, 6, -1}, {0x02, 6, 1234}, {0x04, 4, -1}, {0x10, 6, -1}, {0x20, 4, -1}};
        for (int[] entry : entries) {
            list.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return list.array();
    }
}
