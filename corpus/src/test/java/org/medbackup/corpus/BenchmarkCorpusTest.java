package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.corpus.BenchmarkCorpus.Written;

class BenchmarkCorpusTest {

    @TempDir
    Path folder;

    @Test
    void aSmallScaleHasTheSameProportionsAndReportsWhatItWrote() throws IOException {
        Written written = BenchmarkCorpus.write(folder.resolve("corpus"), 0.01);

        assertThat(written.documents()).isEqualTo(200);
        assertThat(written.images()).isEqualTo(1);
        assertThat(written.relations()).isEqualTo(3);
        assertThat(written.pageBytes()).isEqualTo(3 * 256 * 8192);
        assertThat(written.documentBytes()).isBetween(600_000L, 800_000L);
        assertThat(written.imageBytes()).isBetween(13_000_000L, 13_200_000L);
        assertThat(written.bytes())
                .isEqualTo(files().stream().mapToLong(BenchmarkCorpusTest::size).sum());
        assertThat(files()).hasSize(204);
    }

    @Test
    void whatIsWrittenIsWhatTheGeneratorsMake() throws IOException {
        Path corpus = folder.resolve("corpus");
        BenchmarkCorpus.write(corpus, 0.0001);
        var documents = ClinicalDocuments.of(BenchmarkCorpus.SEED).withImageBytes(BenchmarkCorpus.IMAGE_BYTES);

        for (Document document : List.of(documents.document(0), documents.document(DocumentKind.DICOM, 0))) {
            assertThat(Digests.of(Files.readAllBytes(corpus.resolve(document.relativePath()))))
                    .isEqualTo(Digests.of(document.content()));
        }
        assertThat(Files.readAllBytes(corpus.resolve("database/base/16384/24577")))
                .startsWith(DatabasePages.of(BenchmarkCorpus.SEED + 1).page(0));
    }

    @Test
    void scriptsGetTheSameFiles() throws IOException {
        BenchmarkCorpus.write(folder.resolve("a"), 0.0001);
        BenchmarkCorpus.main(new String[] {folder.resolve("b").toString(), "0.0001"});

        for (Path file : files()) {
            if (file.startsWith(folder.resolve("a"))) {
                assertThat(folder.resolve("b").resolve(folder.resolve("a").relativize(file)))
                        .hasSameBinaryContentAs(file);
            }
        }
        assertThat(files()).isNotEmpty();
    }

    @Test
    void aScaleOfNothingIsRefused() {
        assertThatThrownBy(() -> BenchmarkCorpus.write(folder, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BenchmarkCorpus.write(folder, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }
}
