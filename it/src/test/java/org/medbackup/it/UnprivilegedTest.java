package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.medbackup.documents.JsonValue;

/** Nothing needs root: an account without any privilege runs the installed program. */
class UnprivilegedTest {

    private static final int NOBODY = 65_534;

    private static Path open = Path.of("/");
    private static Path installation = Path.of("/");

    private Path folder = Path.of("/");
    private Program program = new Program(folder);

    @BeforeAll
    static void install() throws IOException {
        open = Files.createTempDirectory("medbackup-it-");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        installation = Program.install(open.resolve("installation"));
    }

    @AfterAll
    static void remove() throws IOException {
        Files.walkFileTree(open, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(open, "work-");
        own(folder);
        program = Program.unprivileged(folder, installation.resolve("medbackup"), NOBODY);
    }

    private static Path own(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", NOBODY);
        Files.setAttribute(file, "unix:gid", NOBODY);
        return file;
    }

    private Path paper(String name, String text) throws IOException {
        Path file = folder.resolve("papers").resolve(name);
        if (!Files.exists(file.getParent())) {
            own(Files.createDirectory(file.getParent()));
        }
        return own(Files.writeString(file, text));
    }

    @Test
    void ownFilesAreBackedUpAndRestored() throws IOException {
        Path paper = paper("letter.txt", "Dear colleague");

        program.run("init").with(0);
        program.run("backup", "papers").with(0);
        program.run("restore", "latest:" + paper.getParent(), "--target", "restored")
                .with(0);

        Path restored = folder.resolve("restored/letter.txt");
        assertThat(restored).hasContent("Dear colleague");
        assertThat(Files.getAttribute(restored, "unix:uid")).isEqualTo(NOBODY);
    }

    @Test
    void whatOnlyRootCanSetIsListedAndEndsWithThree() throws IOException {
        Path paper = paper("letter.txt", "Dear colleague");
        program.run("init").with(0);
        program.run("backup", "papers").with(0);

        JsonValue.Members json = program.run("restore", "latest", "--target", "restored", "--json")
                .with(3)
                .json();

        assertThat(Path.of(folder.resolve("restored") + paper.toString())).hasContent("Dear colleague");
        assertThat(json.items("failures"))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(((JsonValue.Members) failure).text("attribute"))
                        .isEqualTo("owner"));
    }

    private static void call(String... command) throws IOException {
        try {
            assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
                    .as(command[0])
                    .isZero();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Test
    void whatOnlyRootCanSetIsListedForEachFile() throws IOException {
        Path system = Files.createDirectory(folder.resolve("system"));
        Path ping = Files.writeString(system.resolve("ping"), "a program");
        call("setcap", "cap_net_raw+ep", ping.toString());
        call("setfattr", "-n", "trusted.note", "-v", "x", ping.toString());
        call("mknod", system.resolve("null").toString(), "c", "1", "3");
        Program root = new Program(folder)
                .with("MEDBACKUP_STATE", folder.resolve("state-of-root").toString());
        root.run("init").with(0);
        root.run("backup", system.toString()).with(0);
        call("chown", "-R", NOBODY + ":" + NOBODY, folder.resolve("repository").toString());

        Program.Ended ended = program.run("restore", "latest:" + system, "--target", "restored", "--json")
                .with(3);

        assertThat(folder.resolve("restored/ping")).hasContent("a program");
        assertThat(folder.resolve("restored/null")).doesNotExist();
        assertThat(ended.json().items("failures").stream()
                        .map(JsonValue.Members.class::cast)
                        .map(failure -> failure.text("path") + " " + failure.text("attribute")))
                .containsExactlyInAnyOrder(
                        " owner", "null entry", "ping owner", "ping security.capability", "ping trusted.note");
    }

    @Test
    void aFolderThatCannotBeReadIsListedAndTheRestIsBackedUp() throws IOException {
        paper("letter.txt", "Dear colleague");
        Path closed = Files.createDirectory(folder.resolve("papers/closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));

        program.run("init").with(0);
        JsonValue.Members made =
                program.run("backup", "papers", "--json").with(3).json();

        assertThat(made.members("files").whole("new")).isEqualTo(1);
        assertThat(made.items("errors")).singleElement().satisfies(error -> {
            assertThat(((JsonValue.Members) error).text("path")).isEqualTo(closed.toString());
            assertThat(((JsonValue.Members) error).text("code")).isEqualTo("SOURCE_UNREADABLE");
        });
    }

    @Test
    void whatCannotBeReadIsListedAndEndsWithThree() throws IOException {
        paper("letter.txt", "Dear colleague");
        Path secret = paper("secret.txt", "of root alone");
        Files.setAttribute(secret, "unix:uid", 0);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));

        program.run("init").with(0);
        JsonValue.Members made =
                program.run("backup", "papers", "--json").with(3).json();

        assertThat(made.values()).containsEntry("ok", new JsonValue.Truth(true));
        assertThat(made.members("files").whole("failed")).isEqualTo(1);
        assertThat(made.items("errors")).singleElement().satisfies(error -> {
            var members = (JsonValue.Members) error;
            assertThat(members.text("path")).isEqualTo(secret.toString());
            assertThat(members.text("code")).isEqualTo("SOURCE_UNREADABLE");
            assertThat(members.text("message")).isNotBlank();
        });
    }

    @Test
    void theStateFolderOfRootIsRefusedWithARemedy() throws IOException {
        paper("letter.txt", "Dear colleague");

        Program.Ended ended = program.run("init", "--state", "/root/medbackup").with(1);

        assertThat(ended.err().lines()).hasSize(2);
        assertThat(ended.err()).contains("state folder", "--state");
    }

    @Test
    void theDemoNeedsNoRoot() {
        Program.Ended ended = program.run("demo", "--json").with(0);

        JsonValue.Members json = ended.json();
        assertThat(json.items("steps")).hasSize(17);
        assertThat(json.items("snapshots")).hasSize(4);
        assertThat(json.members("rto").values().keySet()).containsExactly("predicted", "actual");
        assertThat(ended.err()).contains("All is well: 17 of 17 steps", "has been removed");
    }
}
