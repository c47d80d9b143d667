package org.medbackup.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.documents.JsonValue;
import org.medbackup.engine.VerifyLevel;

/** A file system that the kernel has made read-only, as it does after an error of its disk. */
class ReadOnlyDiskTest {

    @TempDir
    Path temp;

    private static JsonValue.Members job(Program.Ended ended) {
        return (JsonValue.Members) ended.json().items("jobs").getFirst();
    }

    @Test
    void aJobSpillsFromATargetThatHasBecomeReadOnlyAndBringsItBackWhenThatIsMended() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "mounting a file system needs root");
        Path folder = Files.createDirectory(temp.resolve("work"));
        Path source = folder.resolve("source");
        Papers.write(source.resolve("first"), 1, 4);
        try (SmallDisk disk = SmallDisk.ext4(folder.resolve("disk"), 96)) {
            Path repository = folder.resolve("disk/repository");
            Path vault = folder.resolve("vault");
            Path config = Files.writeString(folder.resolve("medbackup.yaml"), """
                    repository: %1$s
                    targets:
                      vault: {location: "%2$s"}
                    jobs:
                      papers: {paths: ["%3$s"], verify: content, copies: [vault], spill: vault}
                    """.formatted(repository, vault, source));
            Program program = Program.ofOwner(folder, repository, config);
            String first = job(program.run("run", "--json").with(0)).text("snapshot");
            disk.readOnly(true);
            Papers.write(source.resolve("second"), 2, 4);

            JsonValue.Members spilled = job(program.run("run", "--json"));

            assertThat(spilled.text("state")).isEqualTo("DEGRADED");
            assertThat(spilled.items("errors")).anySatisfy(each -> {
                var error = (JsonValue.Members) each;
                assertThat(error.text("failure")).isEqualTo("target-read-only");
                assertThat(error.text("remedy")).contains("mount it read-write");
            });
            String second = spilled.text("snapshot");
            try (var product = new Product(folder, vault)) {
                assertThat(product.restorePoints()).contains(first, second);
            }
            try (var product = new Product(folder, repository)) {
                assertThat(product.restorePoints()).containsExactly(first);
            }

            disk.readOnly(false);
            JsonValue.Members mended = job(program.run("run", "--json").with(0));

            assertThat(mended.text("state")).isEqualTo("SUCCEEDED");
            try (var product = new Product(folder, repository)) {
                assertThat(product.restorePoints()).containsExactlyInAnyOrder(first, second, mended.text("snapshot"));
                assertThat(product.verify(VerifyLevel.CONTENT).damaged()).isEmpty();
                assertThat(product.restore(second, source, folder.resolve("restored"))
                                .failures())
                        .isEmpty();
            }
            assertThat(Papers.sums(folder.resolve("restored"))).isEqualTo(Papers.sums(source));
        }
    }
}
