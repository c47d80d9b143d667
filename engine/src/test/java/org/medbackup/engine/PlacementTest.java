package org.medbackup.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.core.spi.place.Placement;
import org.medbackup.core.spi.place.PlacementPolicy;
import org.medbackup.corpus.Bytes;

/** Every file passes the policy before it is cut. */
class PlacementTest {

    private static final int GENERATION = 7;

    @TempDir
    Path temp;

    /** Puts what begins as a DICOM preamble does into packs of their own. */
    private static final class ByContent implements PlacementPolicy {

        private final Set<String> asked = new ConcurrentSkipListSet<>();

        @Override
        public Placement place(FileFacts file, Supplier<ByteBuffer> head) {
            asked.add(file.path().toString());
            Placement usual = PlacementPolicy.single().place(file, head);
            boolean image = head.get().remaining() > 4 && head.get().get(0) == 'D';
            return image ? new Placement(usual.keyDomain(), usual.tier(), usual.retentionClass(), GENERATION) : usual;
        }

        @Override
        public String digest() {
            return "ab".repeat(32);
        }
    }

    @Test
    void filesOfAnotherPlacementLieInOtherPacksAndComeBackAllTheSame() throws IOException {
        Path source = Files.createDirectory(temp.resolve("source"));
        for (int i = 0; i < 6; i++) {
            byte[] content = Bytes.random(i, i < 3 ? 40_000 : 400_000);
            content[0] = (byte) (i % 2 == 0 ? 'D' : 'X');
            Files.write(source.resolve("file" + i), content);
        }
        Files.write(source.resolve("empty"), new byte[0]);
        Files.write(source.resolve("note"), "note".getBytes(UTF_8));
        Sandbox one = new Sandbox(temp.resolve("one")).create();
        Sandbox two = new Sandbox(temp.resolve("two")).create();
        var policy = new ByContent();
        BackupRequest request = BackupRequest.of("test", List.of(Sandbox.path(source)));

        one.backup(source);
        String id;
        try (Repository repository = two.openAsWriter()) {
            id = repository.backup(request.placedBy(policy), Sandbox.SILENT).snapshot();
        }

        assertThat(policy.asked).hasSize(8).contains(source + "/note", source + "/file0");
        assertThat(two.store.names("d/")).hasSize(one.store.names("d/").size() + 1);
        two.restore(id, source, temp.resolve("out"));
        assertThat(TreeListing.of(temp.resolve("out"))).isEqualTo(TreeListing.of(source));
        try (Repository repository = two.open()) {
            assertThat(repository.find(id, Sandbox.SILENT).policy()).isEqualTo("ab".repeat(32));
        }
    }
}
