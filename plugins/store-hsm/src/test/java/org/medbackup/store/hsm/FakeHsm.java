package org.medbackup.store.hsm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.medbackup.core.TimeSource;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.store.ObjectName;
import org.medbackup.core.spi.throttle.Throttle;
import org.medbackup.testkit.FakePrograms;

/**
 * A folder whose migrated files are stubs without blocks: whoever reads one gets zeros, and leaves a time of access. Their
 * contents are kept beside; scripts stand for the commands of a site.
 */
final class FakeHsm {

    /** Before the time of modification, so that a read changes it also on a file system that saves such writes. */
    private static final FileTime UNREAD = FileTime.fromMillis(1_000_000_000_000L);

    private static final FileTime WRITTEN = FileTime.fromMillis(1_100_000_000_000L);

    final Path folder;
    final FakePrograms programs;
    private final Path kept;
    private final Path commands;

    FakeHsm(Path temp) throws IOException {
        folder = temp.resolve("released/archive");
        kept = Files.createDirectories(temp.resolve("tape"));
        commands = temp.resolve("hsm.yaml");
        programs = new FakePrograms(temp.resolve("programs"));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private Path kept(Path file) {
        return kept.resolve(file.toString().replace('/', '_'));
    }

    private static void run(String... words) {
        assertThat(Processes.system().run(Command.of(words)).exitCode())
                .as(words[0])
                .isZero();
    }

    /** Moves the content of a file away, as a file system does by its own rules. */
    void migrate(String name) throws IOException {
        Path file = file(name);
        Files.copy(file, kept(file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        run("fallocate", "-p", "-o", "0", "-l", String.valueOf(Files.size(file)), file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(WRITTEN, UNREAD, null);
    }

    /** Puts the content of a file back. */
    void bringBack(String name) throws IOException {
        Path file = file(name);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.write(file, Files.readAllBytes(kept(file)));
        Files.delete(kept(file));
    }

    private FileTime accessed(String name) throws IOException {
        return Files.readAttributes(file(name), BasicFileAttributes.class).lastAccessTime();
    }

    /** Whether somebody has read a stub since it was made. */
    boolean wasRead(String name) throws IOException {
        return !accessed(name).equals(UNREAD);
    }

    /** The program of recalls: a file that it was called for comes with the third question for its state. */
    Path recallProgram() {
        return programs.script("recall", key() + "echo 2 >\"$kept.coming\"\necho patient 4711\n");
    }

    /** The program that tells a state as Lustre words it. */
    Path stateProgram() {
        return programs.script("state", key() + """
                          if [ -e "$kept.coming" ]; then
                              left=$(cat "$kept.coming")
                              if [ "$left" -gt 0 ]; then
                                  echo $((left - 1)) >"$kept.coming"
                                  echo "$1: (0x0000000d) RESTORE running"
                                  exit
                              fi
                              chmod u+w "$1" && cat "$kept" >"$1" && rm "$kept" "$kept.coming"
                          fi
                          if [ -e "$kept" ]; then
                              echo "$1: (0x0000000d) released exists archived, archive_id:1"
                          else
                              echo "$1: (0x00000009) exists archived, archive_id:1"
                          fi
                          """);
    }

    private String key() {
        return "kept='" + kept + "'/$(printf %s \"$1\" | tr / _)\n";
    }

    /** The lines of a file of commands that ask for the state. */
    String askingState() {
        return "  state:\n    run: [" + stateProgram() + ", \"{}\"]\n"
                + "    states: {offline: '\\breleased\\b', coming: '\\bRESTORE\\b', resident: exists}\n";
    }

    /** The lines of a file of commands that recall. */
    String recalling(String more) {
        return "  recall:\n    run: [" + recallProgram() + ", \"{}\", \"--speed={speed}\", \"{keep}\"]\n" + more;
    }

    /** Writes the file of commands. */
    Path write(String sections) throws IOException {
        Files.writeString(commands, "commands:\n" + sections);
        return Files.setPosixFilePermissions(commands, PosixFilePermissions.fromString("rw-r--r--"));
    }

    URI location(Path file) {
        return URI.create("hsm://" + folder + "?commands=" + file);
    }

    /** The store with a file of commands. */
    HsmStore open(String sections, TimeSource time) throws IOException {
        return open(sections, programs, time);
    }

    HsmStore open(String sections, Processes processes, TimeSource time) throws IOException {
        return HsmStoreProvider.open(location(write(sections)), Throttle.none(), processes, time);
    }

    /** Calls of a program, without the folder of the objects. */
    List<String> calls(String program) {
        return programs.calls(program).stream()
                .map(each -> each.replace(folder + "/", ""))
                .toList();
    }

    /** Waits for what goes on in the background. */
    static void await(java.util.concurrent.Callable<Boolean> condition) throws Exception {
        TimeSource time = TimeSource.system();
        long start = time.nanos();
        while (!condition.call()) {
            assertThat(time.since(start)).as("waited").isLessThan(Duration.ofSeconds(60));
            time.sleep(Duration.ofMillis(10));
        }
    }

    static ObjectName name(String text) {
        return ObjectName.of(text);
    }
}
