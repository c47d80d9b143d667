package org.medbackup.testreport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The folder to which all JVMs of a build report: their parts, and the report that is merged from them. */
final class ReportFolder {

    /** A file lock is the process's: it cannot keep two threads of one JVM apart, it throws instead. */
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    /** A JVM that runs one class after the other, each as a run of its own, merges no more often than this. */
    private static final Duration PAUSE = Duration.ofSeconds(Integer.getInteger("testreport.pause", 0));

    private static final Map<Path, Long> MERGED = new ConcurrentHashMap<>();

    private final Path dir;
    private final String run;
    private final InstantSource clock;

    ReportFolder(Path dir, String run, InstantSource clock) {
        this.dir = dir;
        this.run = run;
        this.clock = clock;
    }

    Path parts() {
        return dir.resolve("parts");
    }

    /** What is done while no other JVM does anything in the folder. */
    interface Action<T> {
        T run() throws IOException;
    }

    <T> T locked(Action<T> action) throws IOException {
        Files.createDirectories(dir);
        IN_THIS_JVM.lock();
        try (var channel = FileChannel.open(dir.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            return action.run();
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    /** Deletes the parts that an earlier build left. */
    void forgetOtherRuns() throws IOException {
        for (Part part : readParts()) {
            if (!part.run().equals(run)) {
                Files.delete(part.file());
            }
        }
    }

    /**
     * Merges, unless this JVM has just done so: then at its end. Called with the lock held.
     *
     * @throws IOException when the report cannot be written
     */
    void mergeSoon() throws IOException {
        long now = System.nanoTime();
        Long last = MERGED.get(dir);
        if (last == null) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::mergeAtTheEnd));
        }
        if (last == null || now - last > PAUSE.toNanos()) {
            merge();
            MERGED.put(dir, now);
        }
    }

    private void mergeAtTheEnd() {
        try {
            if (Files.isDirectory(parts())) {
                locked(() -> {
                    merge();
                    return this;
                });
            }
        } catch (IOException failed) {
            System.err.println("the test report cannot be merged: " + failed.getMessage());
        }
    }

    /** Replaces the report by what is known now; a reader sees the old one or the new one, never a half. */
    void merge() throws IOException {
        String report = JsonWriter.lines(Report.of(readParts(), PartFile.seconds(clock.instant())));
        Path temporary = dir.resolve("report.json.new");
        Files.writeString(temporary, report);
        Files.move(temporary, dir.resolve("report.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    private List<Part> readParts() throws IOException {
        List<Part> read = new ArrayList<>();
        if (Files.isDirectory(parts())) {
            try (Stream<Path> files = Files.list(parts())) {
                for (Path file : files.sorted().toList()) {
                    read.add(Part.read(file));
                }
            }
        }
        return read;
    }
}
