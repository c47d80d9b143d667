package org.medbackup.app.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.app.CopySink.Range;

/** Which files the server's summaries speak of, and what they say. */
class RelationFileTest {

    @Test
    void filesOfRelationsAreKnownByTheirPaths() {
        assertThat(RelationFile.of("base/5/16384", 0)).isEqualTo(new RelationFile(1663, 5, 16384, 0, 0));
        assertThat(RelationFile.of("base/5/16384_vm", 0)).isEqualTo(new RelationFile(1663, 5, 16384, 2, 0));
        assertThat(RelationFile.of("base/5/16384.3", 0)).isEqualTo(new RelationFile(1663, 5, 16384, 0, 3));
        assertThat(RelationFile.of("global/1260", 0)).isEqualTo(new RelationFile(1664, 0, 1260, 0, 0));
        assertThat(RelationFile.of("PG_18_202506291/5/16384", 16390))
                .isEqualTo(new RelationFile(16390, 5, 16384, 0, 0));
        assertThat(RelationFile.of("pg_tblspc/16391/PG_18_202506291/5/16384", 0))
                .isEqualTo(new RelationFile(16391, 5, 16384, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base/5/16384_fsm",
                "base/5/16384_init",
                "base/5/PG_VERSION",
                "base/5/pg_filenode.map",
                "base/16384",
                "pg_xact/0000",
                "global/pg_control"
            })
    void ofOtherFilesNothingIsKnown(String path) {
        assertThat(RelationFile.of(path, 0)).isNull();
    }

    private static @Nullable List<Range> asked(ChangedPages pages, String path) {
        return pages.in(0).of(PathBytes.of(path));
    }

    @Test
    void pagesLimitsAndWholeDatabasesBecomeRanges() {
        ChangedPages pages = ChangedPages.none(8192, 1000);
        pages.changed(new RelationFile(1663, 5, 1, 0, 0), 3);
        pages.changed(new RelationFile(1663, 5, 1, 0, 0), 4);
        pages.changed(new RelationFile(1663, 5, 1, 0, 0), 4);
        pages.changed(new RelationFile(1663, 5, 1, 0, 1), 7);
        pages.limit(1663, 5, 1, 0, 1990);
        pages.limit(1663, 5, 1, 0, 1995);
        pages.limit(1663, 6, 0, 0, 0);

        assertThat(asked(pages, "base/5/1")).containsExactly(new Range(3 * 8192, 2 * 8192));
        assertThat(asked(pages, "base/5/1.1"))
                .containsExactly(new Range(7 * 8192, 8192), new Range(990 * 8192, 10 * 8192));
        assertThat(asked(pages, "base/5/1.2")).isNull();
        assertThat(asked(pages, "base/5/2")).isEmpty();
        assertThat(asked(pages, "base/6/2")).isNull();
        assertThat(asked(pages, "base/5/1_fsm")).isNull();
        Map<String, String> evidence = new TreeMap<>();
        pages.putInto(evidence);
        assertThat(evidence).isEqualTo(Map.of("pages.mode", "summaries", "pages.changed", "3", "pages.read", "3"));
    }

    @Test
    void whatIsNotKnownIsSaidWithItsReason() {
        ChangedPages pages = ChangedPages.unknown("a summary is missing");
        Map<String, String> evidence = new TreeMap<>();
        pages.putInto(evidence);

        assertThat(asked(pages, "base/5/1")).isNull();
        assertThat(evidence).isEqualTo(Map.of("pages.mode", "compared", "pages.reason", "a summary is missing"));
    }
}
