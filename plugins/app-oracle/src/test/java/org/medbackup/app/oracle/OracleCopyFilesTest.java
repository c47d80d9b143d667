package org.medbackup.app.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.medbackup.core.PathBytes;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.core.spi.app.Application;
import org.medbackup.core.spi.app.CopySink;
import org.medbackup.testkit.CopiedFolder;

/** What of image copies is stored, and how RMAN is told of them. */
@Timeout(180)
class OracleCopyFilesTest {

    private final Stage stage = new Stage(Set.of(), true);

    @AfterEach
    void close() {
        stage.close();
    }

    /** So that the repository stores the blocks that were changed, and no others. */
    @Test
    void copiesAreCutByPagesAndAllElseByContent() {
        CopiedFolder copy = stage.copy();
        var cuts = new HashMap<String, CopySink.Cut>();
        Application application = stage.application(CopyStories.COPIES);
        application.discover(stage.soon());
        application.prepare("run-1", stage.soon());

        application.copy(new CopySink() {
            @Override
            public void tree(TreeCopy tree) {
                stage.left().forEach(each -> {
                    if (tree.selection().choose(PathBytes.of(each), false) == Choice.TAKE) {
                        assertThat(cuts.put(each, tree.cut())).isNull();
                    }
                });
                assertThat(tree.live()).isFalse();
                copy.tree(tree);
            }

            @Override
            public void file(Path source, PathBytes as, Cut cut) {
                throw new AssertionError("a file by itself");
            }

            @Override
            public void content(PathBytes as, byte[] content, PathBytes attributesOf) {
                copy.content(as, content, attributesOf);
            }

            @Override
            public void stream(PathBytes as, InputStream content, StreamAttributes attributes, Cut cut) {
                throw new AssertionError("a stream");
            }
        });

        assertThat(cuts).hasSize(stage.left().size());
        assertThat(cuts)
                .allSatisfy((name, cut) -> assertThat(cut)
                        .isEqualTo(name.contains("-data-D-") ? CopySink.Cut.PAGES : CopySink.Cut.CONTENT));
    }

    @Test
    void theScriptForAnAdministratorRestoresTheCopiesByTheirTag() {
        CopiedFolder copy = stage.copy();
        Map<String, String> evidence = CopyStories.run(stage, 1, copy);
        String script = copy.texts("recover-medbackup-", ".rman");

        assertThat(script)
                .contains(
                        "SWITCH DATABASE TO COPY",
                        "RESTORE DATABASE FROM TAG '" + evidence.get("copies_tag") + "';",
                        "SET UNTIL SCN " + RecoveryScript.until(evidence),
                        "CATALOG START WITH '" + stage.backups() + "/medbackup-'");
        assertThat(RecoveryScript.isByRman(evidence)).isTrue();
        assertThat(RecoveryScript.isByRman(Map.of("mode", "backup-mode"))).isFalse();
        assertThat(RecoveryScript.areLive(evidence, each -> each)).isTrue();
        assertThat(RecoveryScript.areLive(evidence, each -> "/elsewhere" + each))
                .isFalse();
    }

    @Test
    void copiesAreValidatedInAsManyAtOnceAsThereAreChannels() {
        CopyStories.run(stage, 1, stage.copy());
        stage.back(stage.application("mode", "image-copies", "channels", "2"), "run-2", stage.copy());

        assertThat(stage.home.scripts())
                .filteredOn(each -> each.contains("DATAFILECOPY '"))
                .extracting(each ->
                        each.lines().filter(line -> line.startsWith("VALIDATE")).count())
                .containsExactly(2L, 1L);
    }

    @Test
    void imageCopiesHaveNoKindsAndNeedRman() {
        Scenario.fails(ErrorCode.USAGE, () -> stage.application("mode", "image-copies", "kind", "differential"));
        Scenario.fails(ErrorCode.USAGE, () -> stage.application("mode", "image-copies", "oracleHome", ""));
        stage.database.state().tracking = false;
        assertThat(Scenario.missing(stage.application(CopyStories.COPIES), stage))
                .containsExactly("change_tracking");
        assertThat(Scenario.missing(stage.application("mode", "image-copies", "allowFullReads", "true"), stage))
                .isEmpty();
    }
}
