package org.medbackup.engine.internal.scan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.error.UsageException;
import org.medbackup.core.spi.app.CopySink.Choice;
import org.medbackup.core.spi.app.CopySink.Selection;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;

/** Walks over folders that change under the walk. */
class TreeWalkTest {

    @TempDir
    Path folder;

    private final List<String> met = new ArrayList<>();

    private final WalkVisitor visitor = new WalkVisitor() {
        @Override
        public void entry(PathBytes path, FileStatus status, SharedFolder parent, byte[] name) {
            met.add(path + " " + status.type());
        }

        @Override
        public void folder(PathBytes path, FileStatus status, SharedFolder self) {
            met.add(path + "/");
        }

        @Override
        public void ancestor(PathBytes path, FileStatus status, SharedFolder self) {
            throw new AssertionError("a walk meets no ancestors");
        }

        @Override
        public void failed(PathBytes path, ErrorCode code, String message) {
            assertThat(message).isNotEmpty();
            met.add(path + " " + code);
        }
    };

    @BeforeEach
    void fill() throws IOException {
        Files.createDirectories(folder.resolve("root/b/c"));
        Files.createDirectories(folder.resolve("root/b.d"));
        Files.createFile(folder.resolve("root/a"));
        Files.createFile(folder.resolve("root/b/c/x"));
        Files.createFile(folder.resolve("root/b.d/y"));
        Files.createSymbolicLink(folder.resolve("root/z"), Path.of("b"));
    }

    private List<String> walk(String name, Selection selection) {
        Fd fd = Fd.CWD.open(folder.toString().getBytes(UTF_8), Fd.READ | Fd.FOLDER);
        var parent = new SharedFolder(fd);
        try {
            new TreeWalk(selection, true, visitor).walk(parent, name.getBytes(UTF_8), PathBytes.of("srv"));
        } finally {
            parent.release();
        }
        return met;
    }

    @Test
    void everythingIsMetInTheOrderOfTheTreeAndNoSymlinkIsFollowed() {
        assertThat(walk("root", Selection.ALL))
                .containsExactly(
                        "srv/",
                        "srv/a REGULAR",
                        "srv/b/",
                        "srv/b/c/",
                        "srv/b/c/x REGULAR",
                        "srv/b.d/",
                        "srv/b.d/y REGULAR",
                        "srv/z SYMLINK");
    }

    @Test
    void aSingleFileIsWalkedToo() throws IOException {
        Files.createFile(folder.resolve("file"));

        assertThat(walk("file", Selection.ALL)).containsExactly("srv REGULAR");
    }

    @Test
    void whatIsNotThereIsSaidBeforeAnythingIsDone() {
        assertThatExceptionOfType(UsageException.class)
                .isThrownBy(() -> walk("absent", Selection.ALL))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SOURCE_NOT_FOUND));
    }

    @Test
    void whatTheSelectionLeavesOutIsNotEnteredAndAnEmptyFolderIsKeptEmpty() {
        Selection selection = (below, isFolder) -> switch (below.toString()) {
            case "a" -> Choice.OMIT;
            case "b" -> Choice.FOLDER_ONLY;
            case "b.d" -> Choice.OMIT;
            default -> Choice.TAKE;
        };

        assertThat(walk("root", selection)).containsExactly("srv/", "srv/b/", "srv/z SYMLINK");
    }

    /** Does something when the walk has looked at an entry and before it opens it. */
    private Selection when(String path, IoAction action) {
        return (below, isFolder) -> {
            if (below.toString().equals(path)) {
                try {
                    action.run();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
            return Choice.TAKE;
        };
    }

    private interface IoAction {
        void run() throws IOException;
    }

    private void removeTree() throws IOException {
        Files.delete(folder.resolve("root/b/c/x"));
        Files.delete(folder.resolve("root/b/c"));
        Files.delete(folder.resolve("root/b"));
    }

    @Test
    void aFolderThatVanishesBeforeItIsOpenedIsSaidToHaveVanished() {
        assertThat(walk("root", when("b", this::removeTree)))
                .contains("srv/b FILE_VANISHED", "srv/b.d/y REGULAR")
                .doesNotContain("srv/b/");
    }

    @Test
    void aFolderThatBecomesASymlinkIsNotFollowed() throws IOException {
        Files.createDirectories(folder.resolve("elsewhere/secret"));
        Selection swap = when("b", () -> {
            removeTree();
            Files.createSymbolicLink(folder.resolve("root/b"), folder.resolve("elsewhere"));
        });

        assertThat(walk("root", swap)).contains("srv/b FILE_VANISHED").noneMatch(line -> line.startsWith("srv/b/"));
    }

    @Test
    void aFileThatIsGoneWhenItsTurnComesWasNotThere() {
        Selection remove = when("a", () -> {
            removeTree();
            Files.delete(folder.resolve("root/z"));
        });

        assertThat(walk("root", remove)).containsExactly("srv/", "srv/a REGULAR", "srv/b.d/", "srv/b.d/y REGULAR");
    }
}
