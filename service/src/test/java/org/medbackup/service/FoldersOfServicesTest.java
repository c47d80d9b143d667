package org.medbackup.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.app.ConsistencyLevel;
import org.medbackup.testkit.LoopDisk;

/** The product on a service that is known by its folders, on a real Btrfs. */
class FoldersOfServicesTest {

    @TempDir
    Path temp;

    @Test
    void aFolderInUseIsBackedUpFromASnapshotAndRestored() throws IOException {
        Path target = temp.resolve("restored");
        try (LoopDisk disk = LoopDisk.mounted(temp.resolve("disk"), "btrfs", 128);
                Site site = new Site(Files.createDirectories(temp.resolve("site")))) {
            site.initialised();
            Path folder = Files.createDirectories(disk.place().resolve("documents"));
            Files.writeString(folder.resolve("letter"), "text");
            String address = "directory://" + folder;

            ApplicationOperations applications = site.product.applications();
            assertThat(applications.check(address).isReady()).isTrue();
            ApplicationBackup backup = applications.backup(site.writing(), address);
            ApplicationRestore restore = applications.restore(site.reading(), address, Optional.empty(), target);

            assertThat(backup.consistency()).isEqualTo(ConsistencyLevel.CRASH_CONSISTENT);
            assertThat(restore.isRight()).isTrue();
            assertThat(target.resolve(Path.of("/").relativize(folder)).resolve("letter"))
                    .hasContent("text");
            try (Stream<Path> left = Files.list(disk.place())) {
                assertThat(left).containsExactly(folder);
            }
        }
    }
}
