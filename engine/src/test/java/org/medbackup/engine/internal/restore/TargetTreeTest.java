package org.medbackup.engine.internal.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.PathBytes;
import org.medbackup.linux.Fd;
import org.medbackup.linux.FileStatus;
import org.medbackup.linux.LinuxException;

/** What is restored lands below the target, on kernels with openat2 and on those before 5.6. */
class TargetTreeTest {

    private static final int NEW = Fd.WRITE | Fd.CREATE | Fd.EXCLUSIVE;

    @TempDir
    Path temp;

    private TargetTree open(boolean openat2) {
        TargetTree tree = TargetTree.open(temp.resolve("target"));
        if (!openat2) {
            tree.withoutBeneath();
        }
        return tree;
    }

    @ParameterizedTest(name = "openat2: {0}")
    @ValueSource(booleans = {true, false})
    void filesAreMadeAtAnyDepth(boolean openat2) {
        try (TargetTree tree = open(openat2)) {
            assertThat(tree.isNew()).isTrue();
            tree.makeFolder(PathBytes.of("ward"));
            tree.makeFolder(PathBytes.of("ward/records"));
            tree.makeFolder(PathBytes.of("ward"));

            tree.openFile(PathBytes.of("ward/records/a"), NEW, 0640).close();
            tree.openFile(PathBytes.of("b"), NEW, 0640).close();

            assertThat(temp.resolve("target/ward/records/a")).isRegularFile();
            assertThat(temp.resolve("target/b")).isRegularFile();
            try (Fd folder = tree.openFolder(PathBytes.of("ward/records"));
                    Fd root = tree.openFolder(PathBytes.ROOT)) {
                assertThat(folder.status("a".getBytes(UTF_8)))
                        .map(FileStatus::isRegular)
                        .contains(true);
                assertThat(root.status("b".getBytes(UTF_8))).isPresent();
            }
        }
        try (TargetTree again = open(openat2)) {
            assertThat(again.isNew()).isFalse();
        }
    }

    @ParameterizedTest(name = "openat2: {0}")
    @ValueSource(booleans = {true, false})
    void noSymlinkIsFollowedAnywhere(boolean openat2) throws IOException {
        Path outside = Files.createDirectories(temp.resolve("outside/below"));
        Files.createDirectories(temp.resolve("target"));
        Files.createSymbolicLink(temp.resolve("target/out"), temp.resolve("outside"));
        Files.createSymbolicLink(temp.resolve("target/file"), outside.resolve("file"));

        try (TargetTree tree = open(openat2)) {
            assertRefused(() -> tree.openFile(PathBytes.of("out/x"), NEW, 0600));
            assertRefused(() -> tree.openFile(PathBytes.of("out/below/x"), NEW, 0600));
            assertRefused(() -> tree.openFile(PathBytes.of("file"), Fd.WRITE | Fd.CREATE, 0600));
            assertRefused(() -> tree.openFolder(PathBytes.of("out")));
            assertRefused(() -> tree.makeFolder(PathBytes.of("out")));
            assertRefused(() -> tree.makeFolder(PathBytes.of("out/new")));
        }

        assertThat(outside).isEmptyDirectory();
        assertThat(temp.resolve("outside/new")).doesNotExist();
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(LinuxException.class);
    }
}
