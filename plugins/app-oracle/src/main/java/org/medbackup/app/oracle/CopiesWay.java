package org.medbackup.app.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.medbackup.app.oracle.ImageCopies.Copy;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.core.spi.app.CopySink.Cut;

/**
 * Image copies of all data files, which RMAN rolls forward ("Backup and Recovery User's Guide", incrementally updated
 * backups). The increment is taken first and applied at once: what is stored is of this run, not of the one before, and the
 * increment is needed no more. What a copy holds is only ever told by the database's list, asked after it was rolled forward.
 */
final class CopiesWay {

    /** After these nothing could be built on the copies: the next run makes new ones. */
    private static final Set<ErrorCode> WORTHLESS = Set.of(
            ErrorCode.APPLICATION_LOG_GAP, ErrorCode.APPLICATION_STATE_LOST, ErrorCode.RESTORED_APPLICATION_INVALID);

    private final RmanRun run;
    private final Names names;
    private final RmanScript script;

    CopiesWay(RmanRun run) {
        this.run = run;
        names = Names.ofCopies(run.names().folder(), run.instance());
        script = run.script(names);
    }

    private ImageCopies copies() {
        return new ImageCopies(run.session(), names.tag(), run.soon());
    }

    void copy(CopySink sink) {
        run.takesBack(names.tag());
        // Increments that were not applied, or not seen to be: the copies themselves say from where to go on.
        run.delete(names.tag());
        SortedMap<Integer, Copy> before = usable();
        run.rman("backup", script.increments());
        List<Pieces.DataFile> increments = run.pieces().dataFiles(names.tag());
        requireAll(before, increments);
        SortedMap<Integer, Copy> made = rolledForward(before, increments);
        run.delete(names.tag());
        note(made, increments);
        long last = run.switchLog();
        Logs logs = run.logs(run.first(), last);
        run.requireSound(increments.stream().mapToLong(Pieces.DataFile::corrupt).sum()
                + made.values().stream().mapToLong(Copy::corrupt).sum());
        run.evidence().put("last_scn", Long.toString(last));
        run.note(logs, List.of(run.names().tag()));
        Set<Path> copies = paths(made.values());
        run.hand(name -> copies.contains(names.folder().resolve(name)), Cut.PAGES, sink);
        run.hand(name -> name.startsWith(run.names().file()), Cut.CONTENT, sink);
        run.handScript(sink);
        run.deleteOthers();
    }

    /** Takes away copies that are none any more, of which RMAN would believe its list. */
    private SortedMap<Integer, Copy> usable() {
        List<Copy> listed = copies().all();
        SortedMap<Integer, Copy> newest = ImageCopies.newest(listed);
        var gone = new ArrayList<>(listed);
        newest.values().removeIf(each -> !each.isUsable(run.instance()));
        gone.removeAll(newest.values());
        discard(gone);
        removeUnlisted(newest.values());
        return newest;
    }

    private void discard(Collection<Copy> copies) {
        if (!copies.isEmpty()) {
            run.rman("deletion", script.deletionOfCopies(named(copies)));
        }
    }

    /** What RMAN began and did not finish, as when it was killed: the database does not know it. */
    private void removeUnlisted(Collection<Copy> copies) {
        Set<Path> known = paths(copies);
        try (Stream<Path> files = Files.list(names.folder())) {
            List<Path> unknown = files.filter(
                            each -> each.getFileName().toString().startsWith(names.file()) && !known.contains(each))
                    .toList();
            for (Path each : unknown) {
                Files.deleteIfExists(each);
            }
        } catch (IOException stays) {
            throw ErrorCode.APPLICATION_FAILED.because(
                    "a file that RMAN left unfinished cannot be removed from the folder", stays);
        }
    }

    /** Of each file there is an increment, a new copy, or nothing new. */
    private void requireAll(Map<Integer, Copy> before, List<Pieces.DataFile> increments) {
        Set<Integer> seen = increments.stream().map(Pieces.DataFile::number).collect(Collectors.toSet());
        // A number may be that of another file that was dropped, of which the copy is still there.
        Set<Path> old = paths(before.values());
        copies().all().stream()
                .filter(each -> !old.contains(Path.of(each.name())))
                .forEach(each -> seen.add(each.number()));
        run.requireAll(seen, checkpoints(before));
    }

    private static Map<Integer, Long> checkpoints(Map<Integer, Copy> copies) {
        var checkpoints = new TreeMap<Integer, Long>();
        copies.forEach((number, copy) -> checkpoints.put(number, copy.checkpoint()));
        return checkpoints;
    }

    private SortedMap<Integer, Copy> rolledForward(Map<Integer, Copy> before, List<Pieces.DataFile> increments) {
        try {
            Chain.requireJoins(increments, checkpoints(before));
            if (!increments.isEmpty()) {
                run.rman("recovery of the copies", script.recoveryOfCopies());
            }
            SortedMap<Integer, Copy> made = ImageCopies.newest(copies().all());
            requireReached(made, increments);
            if (run.rman("validation of the copies", script.validationOfCopies(named(made.values())))
                    .containsKey(OracleProgram.DAMAGE)) {
                throw ErrorCode.RESTORED_APPLICATION_INVALID.because("RMAN found corrupt blocks in the image copies");
            }
            return made;
        } catch (BackupException failed) {
            if (WORTHLESS.contains(failed.code())) {
                discardAll(failed);
            }
            throw failed;
        }
    }

    private void discardAll(BackupException why) {
        try {
            discard(copies().all());
        } catch (BackupException stays) {
            why.addSuppressed(stays);
        }
    }

    /** Where RMAN finds nothing to apply it says so in passing, and ends well; the copies would stay behind. */
    private static void requireReached(Map<Integer, Copy> made, List<Pieces.DataFile> increments) {
        for (Pieces.DataFile each : increments) {
            Copy copy = made.get(each.number());
            if (copy == null || copy.checkpoint() < each.checkpoint()) {
                throw ErrorCode.APPLICATION_STATE_LOST
                        .because("RMAN did not roll an image copy forward to what it has backed up")
                        .with("file", each.number());
            }
        }
    }

    private void note(SortedMap<Integer, Copy> made, List<Pieces.DataFile> increments) {
        Set<Integer> asleep = run.readOnly().keySet();
        run.begins(made.values().stream()
                .filter(each -> !asleep.contains(each.number()))
                .mapToLong(Copy::checkpoint)
                .min()
                .orElse(0));
        long consistent = Stream.concat(
                        made.values().stream().map(Copy::consistent),
                        increments.stream().map(each -> Math.max(each.checkpoint(), each.fuzzy())))
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        Map<String, String> evidence = run.evidence();
        made.forEach((number, copy) -> {
            evidence.put("copy." + number, copy.name());
            evidence.put("checkpoint_scn." + number, Long.toString(copy.checkpoint()));
        });
        evidence.put("copies_tag", names.tag());
        evidence.put("restorable_scn", Long.toString(consistent));
        evidence.put("level", increments.isEmpty() ? "0" : "1");
        evidence.put(
                "used_change_tracking", increments.stream().allMatch(Pieces.DataFile::usedTracking) ? "yes" : "no");
    }

    private static List<String> named(Collection<Copy> copies) {
        return copies.stream().map(Copy::name).toList();
    }

    private static Set<Path> paths(Collection<Copy> copies) {
        return copies.stream().map(each -> Path.of(each.name())).collect(Collectors.toSet());
    }
}
