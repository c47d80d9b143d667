package org.medbackup.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.medbackup.core.HostSeal;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.recovery.learn.DrillRecord;
import org.medbackup.recovery.learn.Experience;
import org.medbackup.recovery.learn.Lesson;
import org.medbackup.recovery.learn.Score;

/**
 * What this host has seen of drills: how good predictions were, and what the next ones can learn from. One file for each drill,
 * sealed with the key of the host, since they name plans and applications. Safe for use by several processes.
 */
public final class DrillBook {

    static final String PURPOSE = "medbackup/drill-book/v1";

    /** The newest are read; older ones teach nothing any more. */
    private static final int MOST = 500;

    private final Path folder;
    private final HostSeal seal;

    DrillBook(Path state, HostSeal seal) {
        this.folder = state.resolve("drill-book");
        this.seal = seal;
    }

    /** Keeps what a drill has shown: where it failed, how good its prediction was and nothing else. */
    void add(DrillResult result, String target) {
        List<Lesson> lessons = new ArrayList<>();
        for (Lesson expected : result.prediction().basis().expected()) {
            result.applications().stream()
                    .filter(each -> each.name().equals(expected.application()))
                    .flatMap(each -> each.stages().stream())
                    .filter(each -> each.stage() == expected.stage())
                    .findFirst()
                    .ifPresent(each -> lessons.add(
                            expected.taught(result.began(), seconds(each.end().minus(each.begin())))));
        }
        add(new DrillRecord(
                result.id(),
                result.began(),
                result.plan(),
                target,
                result.prediction().basis().regime(),
                seconds(result.prediction().expected()),
                seconds(result.prediction().low()),
                seconds(result.prediction().high()),
                seconds(result.actual()),
                result.isSound(),
                lessons));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Keeps one. */
    void add(DrillRecord drill) {
        try {
            Files.createDirectories(folder);
            Path unfinished = folder.resolve("." + drill.id());
            Files.write(unfinished, seal.seal(drill.id(), drill.text().getBytes(StandardCharsets.UTF_8)));
            Files.move(unfinished, folder.resolve(drill.id()), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("a drill cannot be kept", failed);
        }
    }

    /** The drills that are known, the oldest first; what cannot be read is left out. */
    public List<DrillRecord> drills() {
        List<DrillRecord> drills = new ArrayList<>();
        for (Path file : files()) {
            String id = file.getFileName().toString();
            try {
                byte[] text = seal.open(id, Files.readAllBytes(file));
                drills.add(DrillRecord.parse(new String(text, StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException | IllegalArgumentException | IOException other) {
                // It is none of ours, or of a later version: it teaches nothing.
            }
        }
        drills.sort(Comparator.comparing(DrillRecord::began));
        return List.copyOf(drills.subList(Math.max(0, drills.size() - MOST), drills.size()));
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> !each.getFileName().toString().startsWith("."))
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (IOException failed) {
            throw ErrorCode.STATE_UNUSABLE.because("the drills that are known cannot be read", failed);
        }
    }

    /** How good predictions of this site have been. */
    public Score score() {
        return Score.of(drills());
    }

    /** What is known of a target. */
    Experience experience(String target, Instant now) {
        List<Lesson> lessons = drills().stream()
                .filter(each -> each.sound() && each.target().equals(target))
                .flatMap(each -> each.lessons().stream())
                .toList();
        return new Experience(lessons, now);
    }

    /** How many drills of a target are known. */
    int drills(String target) {
        return (int) drills().stream()
                .filter(each -> each.sound() && each.target().equals(target))
                .count();
    }

    /** By what a repository and a file system to restore to are told apart. */
    static String target(String location, Path scratch) {
        Path there = scratch.toAbsolutePath();
        while (Files.notExists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            String text = location + "\n" + Files.getFileStore(there).name() + "\n"
                    + Files.getFileStore(there).type();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (IOException | GeneralSecurityException unknown) {
            throw ErrorCode.TARGET_UNUSABLE.because("its file system cannot be told", unknown);
        }
    }
}
