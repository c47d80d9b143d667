package org.medbackup.service;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.error.ErrorCode;

/**
 * Where what belongs to a site goes on a new machine.
 *
 * @param configuration file
 * @param plans files beside it
 * @param state folder
 */
record SitePlaces(Path configuration, List<Path> plans, Path state) {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    SitePlaces {
        plans = List.copyOf(plans);
    }

    /** Where a site was, but for what an order says otherwise. */
    static SitePlaces of(SiteDescription was, SiteRestoreOrder order) {
        Path configuration = order.configuration() == null ? was.configuration() : order.configuration();
        Path file = configuration.toAbsolutePath().normalize();
        Path state = order.state() == null ? was.state() : order.state();
        return new SitePlaces(
                file,
                was.beside().stream().map(file::resolveSibling).toList(),
                state.toAbsolutePath().normalize());
    }

    /** What stands there already. */
    List<Path> taken() throws IOException {
        List<Path> taken = new ArrayList<>();
        for (Path file : files()) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                taken.add(file);
            }
        }
        if (Files.exists(state, LinkOption.NOFOLLOW_LINKS) && !isEmptyFolder(state)) {
            taken.add(state);
        }
        return taken;
    }

    private List<Path> files() {
        var files = new ArrayList<>(List.of(configuration));
        files.addAll(plans);
        return files;
    }

    private static boolean isEmptyFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            return !all.iterator().hasNext();
        }
    }

    /**
     * Fails where something stands there.
     *
     * @throws org.medbackup.core.error.UsageException with {@link ErrorCode#SITE_EXISTS}
     */
    void requireFree() throws IOException {
        List<Path> taken = taken();
        if (!taken.isEmpty()) {
            throw ErrorCode.SITE_EXISTS
                    .because("nothing was restored")
                    .about(String.join(", ", taken.stream().map(Path::toString).toList()));
        }
    }

    /** A folder beside the state for what is on its way there. */
    Path draft() {
        return state.resolveSibling("." + state.getFileName() + ".restoring");
    }

    /**
     * Moves what was restored into a draft to where it belongs.
     *
     * @return what was set aside, under its new names
     */
    List<Path> take(Path draft, SiteDescription was, Instant now) throws IOException {
        List<Path> aside = new ArrayList<>();
        String suffix = ".before-" + MOMENT.format(now.atOffset(ZoneOffset.UTC));
        for (Path each : taken()) {
            aside.add(Files.move(each, each.resolveSibling(each.getFileName() + suffix)));
        }
        Files.createDirectories(
                state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (DirectoryStream<Path> all = Files.newDirectoryStream(draft.resolve(SiteDescription.STATE))) {
            for (Path each : all) {
                Files.move(each, state.resolve(each.getFileName()));
            }
        }
        Files.createDirectories(configuration.getParent());
        Path written = draft.resolve(SiteDescription.CONFIGURATION);
        Files.move(written.resolve(was.configuration().getFileName()), configuration);
        for (Path plan : plans) {
            Files.move(written.resolve(plan.getFileName()), plan);
        }
        return aside;
    }
}
