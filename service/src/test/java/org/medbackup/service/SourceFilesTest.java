package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.policy.Classifier;

class SourceFilesTest {

    @TempDir
    Path temp;

    private final List<SourceFiles.Seen> seen = new ArrayList<>();
    private final List<SourceFiles.Unread> unread = new ArrayList<>();

    private void visit(Path path, SourceFiles.Limits limits) {
        new SourceFiles(seen::add, unread::add).visit(PathBytes.of(path.toString()), limits);
    }

    private List<String> names() {
        return seen.stream()
                .map(each -> each.facts().path().name().toString())
                .sorted()
                .toList();
    }

    private void write(String... names) throws IOException {
        for (String name : names) {
            Files.createDirectories(temp.resolve(name).getParent());
            Files.writeString(temp.resolve(name), "content of " + name);
        }
    }

    @Test
    void everyFileBelowAFolderIsSeenWithItsFirstBytesAndLinksAreNotFollowed() throws IOException {
        write("a/one", "a/b/two");
        Files.writeString(temp.resolve("a/long"), "x".repeat(10_000));
        Files.createSymbolicLink(temp.resolve("a/link"), temp.resolve("a/one"));

        visit(temp.resolve("a"), SourceFiles.Limits.NONE);

        assertThat(names()).containsExactly("long", "one", "two");
        assertThat(unread).isEmpty();
        SourceFiles.Seen one = seen.stream()
                .filter(each -> each.facts().path().toString().endsWith("one"))
                .findFirst()
                .orElseThrow();
        assertThat(StandardCharsets.UTF_8.decode(one.head()).toString()).isEqualTo("content of a/one");
        assertThat(one.facts().path().toString())
                .isEqualTo(temp.resolve("a/one").toString());
        assertThat(one.facts().size()).isEqualTo(16);
        assertThat(one.facts().modified())
                .isEqualTo(Files.getLastModifiedTime(temp.resolve("a/one")).toInstant());
        assertThat(seen).allSatisfy(each -> assertThat(each.head().remaining()).isLessThanOrEqualTo(Classifier.HEAD));
    }

    @Test
    void whatAJobLeavesOutIsLeftOutByItsNameOrItsPath() throws IOException {
        write("a/one.tmp", "a/one", "a/cache/two", "a/{x}.bak", "a/x.bak", "a/b/c/three", "a/d/four");

        visit(
                temp.resolve("a"),
                SourceFiles.Limits.of(List.of("*.tmp", "{x}.bak", temp.resolve("a") + "/cache", "b/c", "d/"), false));

        assertThat(names()).containsExactly("one", "x.bak");
        assertThatThrownBy(() -> SourceFiles.Limits.of(List.of("[a"), false))
                .isInstanceOfSatisfying(
                        BackupException.class,
                        wrong -> assertThat(wrong.code()).isEqualTo(ErrorCode.PATTERN_MALFORMED));
    }

    @Test
    void whatIsNoFileOrIsNotThereIsSaid() {
        visit(temp.resolve("absent"), SourceFiles.Limits.NONE);
        visit(Path.of("/dev/null"), SourceFiles.Limits.NONE);
        visit(Path.of("/dev/null/x"), SourceFiles.Limits.NONE);

        assertThat(unread)
                .extracting(SourceFiles.Unread::message)
                .containsExactly(
                        "it does not exist", "it is neither a file nor a folder", "it cannot be read: ENOTDIR");
        assertThat(seen).isEmpty();
    }

    @Test
    void otherFileSystemsAreLeftOutWhereTheJobSaysSo() throws IOException {
        Path shared = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(shared) && !Files.getFileStore(shared).equals(Files.getFileStore(Path.of("/dev"))));
        Path file = Files.createTempFile(shared, "medbackup", ".elsewhere");
        try {
            visit(Path.of("/dev"), SourceFiles.Limits.of(List.of(), true));
            assertThat(names()).doesNotContain(file.getFileName().toString());
            visit(shared, SourceFiles.Limits.of(List.of(), true));
            assertThat(names()).contains(file.getFileName().toString());
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aFileOfWhichNothingLiesOnTheDiskIsNotBroughtBack() throws IOException {
        Path sleeping = Files.createDirectories(temp.resolve("tape")).resolve("study");
        try (var file = new java.io.RandomAccessFile(sleeping.toFile(), "rw")) {
            file.setLength(1 << 20);
        }

        visit(sleeping, SourceFiles.Limits.NONE);

        assertThat(seen)
                .singleElement()
                .satisfies(each -> assertThat(each.head().hasRemaining()).isFalse());
        assertThat(unread)
                .singleElement()
                .satisfies(each -> assertThat(each.message()).contains("nothing is brought back"));
    }

    @Test
    void whoeverIsInterruptedStops() throws IOException {
        write("a/one");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> visit(temp.resolve("a"), SourceFiles.Limits.NONE))
                    .isInstanceOfSatisfying(
                            BackupException.class,
                            stopped -> assertThat(stopped.code()).isEqualTo(ErrorCode.CANCELLED));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
