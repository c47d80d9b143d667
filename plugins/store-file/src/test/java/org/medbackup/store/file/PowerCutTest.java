package org.medbackup.store.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.store.ObjectContent;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.store.PutOutcome;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.ManualTime;

/**
 * The power is cut after every call that a store makes to its file system. What the store had answered holds, and nothing
 * is visible in part; that is all that the engine asks of a store, see its own test of power cuts.
 */
class PowerCutTest {

    @TempDir
    Path temp;

    private Path base = Path.of("base");
    private RecordedDisk disk = new RecordedDisk(base);
    private FileStore store = new FileStore(base, new ManualTime());

    /** Forces nothing and makes no name durable: a store that is wrong, or that is quick where nothing can be lost. */
    private record Unforced(Disk disk) implements Disk {

        private record Written(NewFile file) implements NewFile {

            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public void force() {}

            @Override
            public int write(ByteBuffer bytes) throws IOException {
                return file.write(bytes);
            }

            @Override
            public boolean isOpen() {
                return file.isOpen();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        }

        @Override
        public NewFile create(Path file) throws IOException {
            return new Written(disk.create(file));
        }

        @Override
        public void makeFolder(Path folder) throws IOException {
            disk.makeFolder(folder);
        }

        @Override
        public void link(Path name, Path existing) throws IOException {
            disk.link(name, existing);
        }

        @Override
        public boolean remove(Path file) throws IOException {
            return disk.remove(file);
        }

        @Override
        public void sync(Path folder) {}
    }

    /** What the store answered, and after how many calls; a length of -1 says that the object is gone. */
    private record Answer(int call, ObjectName name, byte[] content, boolean there) {}

    private final List<Answer> answers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        base = Files.createDirectory(temp.resolve("base")).toAbsolutePath();
        disk = new RecordedDisk(base);
        store = new FileStore(base.resolve("deep/store"), new ManualTime(), disk);
    }

    private static byte[] content(String name) {
        var bytes = new byte[name.length() * 700];
        new Random(name.hashCode()).nextBytes(bytes);
        return bytes;
    }

    private PutOutcome put(FileStore through, String name) {
        ObjectName object = ObjectName.of(name);
        PutOutcome outcome = through.putIfAbsent(object, ObjectContent.of(content(name)));
        answers.add(new Answer(disk.calls(), object, content(name), true));
        return outcome;
    }

    private void delete(String name) {
        // From its beginning on nobody says that it is there, from its end on it is gone.
        answers.add(new Answer(disk.calls(), ObjectName.of(name), new byte[0], true));
        assertThat(store.delete(ObjectName.of(name))).isTrue();
        answers.add(new Answer(disk.calls(), ObjectName.of(name), new byte[0], false));
    }

    /** Puts the files that a cut has left into a folder of their own. */
    private Path rebuilt(int call, long choice) {
        Path folder = temp.resolve("cut-" + call + "-" + choice);
        disk.left(call, choice).forEach((path, bytes) -> {
            try {
                Path file = folder.resolve(path.toString());
                Files.createDirectories(file.getParent());
                Files.write(file, bytes);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        });
        return folder.resolve("deep/store");
    }

    private void look(int call, long choice) {
        String where = "call " + call + " of " + disk.calls() + ", choice " + choice;
        Map<ObjectName, Answer> latest = new HashMap<>();
        answers.stream().filter(answer -> answer.call <= call).forEach(answer -> latest.put(answer.name, answer));
        try (var after = new FileStore(rebuilt(call, choice), new ManualTime(), new Unforced(Disk.real()))) {
            latest.forEach((name, answer) -> {
                if (!answer.there) {
                    assertThat(after.length(name)).as(where + ", " + name).isEmpty();
                } else if (answer.content.length > 0) {
                    assertThat(after.length(name)).as(where + ", " + name).hasValue(answer.content.length);
                    assertThat(after.readAll(name)).as(where + ", " + name).isEqualTo(answer.content);
                }
            });
            after.list(
                    "",
                    info -> assertThat(after.readAll(info.name()))
                            .as(where + ", visible: " + info.name())
                            .isEqualTo(content(info.name().text())));
            for (Answer answer : choice == 0 ? answers : List.<Answer>of()) {
                after.putIfAbsent(answer.name, ObjectContent.of(content(answer.name.text())));
                assertThat(after.readAll(answer.name)).as(where + ", put again").isEqualTo(content(answer.name.text()));
            }
        }
    }

    private long lookEverywhere(int choices) {
        long cuts = 0;
        for (int call = 0; call <= disk.calls(); call++) {
            for (long choice = 0; choice < choices; choice++) {
                look(call, choice);
                cuts++;
            }
        }
        return cuts;
    }

    @Test
    void aPowerCutAfterAnyCallKeepsWhatWasAnsweredAndShowsNothingInPart() {
        long started = System.nanoTime();
        for (String name : List.of("t/1-0", "d/aa/one", "d/ab/two", "m/aa/three", "i/0-x", "root/2", "c/1", "s/1")) {
            assertThat(put(store, name)).isEqualTo(PutOutcome.CREATED);
        }
        assertThat(put(store, "s/1")).isEqualTo(PutOutcome.EXISTED);
        delete("d/aa/one");
        delete("t/1-0");
        assertThat(put(store, "d/aa/four")).isEqualTo(PutOutcome.CREATED);

        int choices = Evidence.rounds(3, 60);
        long cuts = lookEverywhere(choices);

        assertThat(disk.calls()).isGreaterThan(50);
        Evidence.keep(
                "power-cuts",
                "file-store",
                started,
                new TreeMap<>(Map.of(
                        "calls",
                        (long) disk.calls(),
                        "choices",
                        (long) choices,
                        "cuts",
                        cuts,
                        "firstSeed",
                        0L,
                        "lost",
                        0L)));
    }

    @Test
    void aFolderThatAnotherProcessHasMadeAndNotYetMadeDurableIsMadeDurable() {
        var other = new FileStore(base.resolve("deep/store"), new ManualTime(), disk);
        disk.after(call -> {
            if (call instanceof RecordedDisk.Call.MakeFolder made
                    && made.folder().endsWith("d/aa")) {
                disk.after(none -> {});
                put(other, "d/aa/other");
            }
        });

        put(store, "d/aa/one");

        lookEverywhere(3);
    }

    @Test
    void anObjectThatAnotherProcessHasPutAndNotYetMadeDurableIsDurableWhenItIsSaidToBeThere() {
        var other = new FileStore(base.resolve("deep/store"), new ManualTime(), disk);
        var outcomes = new ArrayList<PutOutcome>();
        disk.after(call -> {
            if (call instanceof RecordedDisk.Call.Link) {
                disk.after(none -> {});
                outcomes.add(put(other, "root/2"));
            }
        });

        put(store, "root/2");

        assertThat(outcomes).containsExactly(PutOutcome.EXISTED);
        lookEverywhere(3);
    }

    @Test
    void aStoreThatMakesNothingDurableIsNoticed() {
        var forgetful = new FileStore(base.resolve("deep/store"), new ManualTime(), new Unforced(disk));
        put(forgetful, "d/aa/one");

        assertThatThrownBy(() -> lookEverywhere(4)).isInstanceOf(AssertionError.class);
    }

    @Test
    void whatAPutThatWasCutOffLeavesIsNoObject() {
        put(store, "d/aa/one");
        boolean leftOver = false;
        for (int call = 0; call < disk.calls(); call++) {
            Map<Path, byte[]> left = disk.left(call, 1);
            leftOver |= left.keySet().stream().anyMatch(path -> path.toString().contains(".tmp"));
            assertThat(left.entrySet().stream()
                            .filter(file -> !file.getKey().toString().contains(".tmp"))
                            .allMatch(file -> Arrays.equals(file.getValue(), content("d/aa/one"))))
                    .isTrue();
        }
        assertThat(leftOver).isTrue();
    }
}
