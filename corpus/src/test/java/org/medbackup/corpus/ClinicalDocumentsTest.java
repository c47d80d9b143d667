package org.medbackup.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClinicalDocumentsTest {

    private static final Map<DocumentKind, String> GOLDEN = Map.ofEntries(
            Map.entry(DocumentKind.HL7_ADT, "fa735a093735fd8c"),
            Map.entry(DocumentKind.HL7_ORU, "68505dce030e160b"),
            Map.entry(DocumentKind.FHIR_PATIENT, "47a4911a1a2b502e"),
            Map.entry(DocumentKind.FHIR_OBSERVATION, "840f45bc3770f9b6"),
            Map.entry(DocumentKind.FHIR_BUNDLE, "ebbc4cb1a1fc4afd"),
            Map.entry(DocumentKind.FHIR_NDJSON, "3d948b951319bdcd"),
            Map.entry(DocumentKind.CCDA, "7874af2c7388b57b"),
            Map.entry(DocumentKind.X12_837, "40bd29f10b8c4d99"),
            Map.entry(DocumentKind.X12_835, "1ff1a2ead2af2090"),
            Map.entry(DocumentKind.PDF, "40a65262b249e064"),
            Map.entry(DocumentKind.NOTE, "6fd1d82eba4023ed"),
            Map.entry(DocumentKind.PSYCHOTHERAPY_NOTE, "0df634ad3f8bd152"),
            Map.entry(DocumentKind.SUBSTANCE_USE_NOTE, "3d4723c2b44e5df2"),
            Map.entry(DocumentKind.DICOM, "665cdcfede328147"));

    private final ClinicalDocuments documents = ClinicalDocuments.of(1);

    @ParameterizedTest
    @EnumSource(DocumentKind.class)
    void theDocumentsOfASeedNeverChange(DocumentKind kind) {
        var contents = new byte[10][];
        for (int i = 0; i < contents.length; i++) {
            Document document = documents.document(kind, i);
            contents[i] = (document.relativePath() + Digests.of(document.content())).getBytes(StandardCharsets.UTF_8);
        }

        assertThat(Digests.of(contents)).isEqualTo(GOLDEN.get(kind));
    }

    @ParameterizedTest
    @EnumSource(DocumentKind.class)
    void everyKindButImagesHasOneToEightKibibytes(DocumentKind kind) {
        int least = kind == DocumentKind.DICOM ? 100 << 10 : 1 << 10;
        int most = kind == DocumentKind.DICOM ? (2 << 20) + 4096 : 8 << 10;

        for (int i = 0; i < 100; i++) {
            assertThat(documents.document(kind, i).content().length)
                    .as("number %d", i)
                    .isBetween(least, most);
        }
    }

    @ParameterizedTest
    @EnumSource(DocumentKind.class)
    void aCanaryIsInEveryDocumentAndOnlyWhenPlanted(DocumentKind kind) {
        var marked = documents.withPatients(Patients.of(1).withCanary("CANARY7F3A"));

        for (int i = 0; i < 20; i++) {
            assertThat(latin(marked.document(kind, i))).contains("CANARY7F3A");
            assertThat(latin(documents.document(kind, i))).doesNotContain("CANARY");
        }
    }

    @Test
    void aHundredInARowHaveTheShareOfEachKind() {
        var counts = new EnumMap<DocumentKind, Integer>(DocumentKind.class);
        IntStream.range(1234, 1334).forEach(i -> counts.merge(documents.kind(i), 1, Integer::sum));

        for (DocumentKind kind : DocumentKind.values()) {
            assertThat(counts.getOrDefault(kind, 0)).as("%s", kind).isEqualTo(kind.share());
        }
        assertThat(documents.kind(0)).isNotEqualTo(documents.kind(1));
        assertThat(documents.document(77)).isEqualTo(documents.document(documents.kind(77), 77));
    }

    @Test
    void pathsAreUniquePortableAndSortedByDate() {
        var paths = new HashSet<String>();
        for (int i = 0; i < 2_000; i++) {
            String path = documents.document(i).relativePath();
            assertThat(path).matches("[A-Za-z0-9._/-]+").contains("/2025/");
            assertThat(paths.add(path)).isTrue();
        }
    }

    @Test
    void restrictedNotesSayWhatTheyAre() {
        assertThat(latin(documents.document(DocumentKind.PSYCHOTHERAPY_NOTE, 1)))
                .contains("45 CFR 164.501");
        assertThat(latin(documents.document(DocumentKind.SUBSTANCE_USE_NOTE, 1)))
                .contains("42 CFR part 2 prohibits");
    }

    @Test
    void imagesComeInTheSizeAskedFor() {
        for (long bytes : new long[] {8 << 10, 100_000, 13_107_200}) {
            int length = documents
                    .withImageBytes(bytes)
                    .document(DocumentKind.DICOM, 0)
                    .content()
                    .length;
            assertThat((double) length).isBetween(bytes * 0.98, bytes * 1.02 + 2048);
        }
        assertThatThrownBy(() -> documents.withImageBytes(100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void documentsAreEqualByTheirBytesAndPrintNone() {
        Document one = documents.document(5);
        Document same = ClinicalDocuments.of(1).document(5);
        var changed = new Document(one.relativePath(), new byte[3]);

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(changed);
        assertThat(changed.toString()).isEqualTo(one.relativePath() + " (3 bytes)");
    }

    private static String latin(Document document) {
        return new String(document.content(), StandardCharsets.ISO_8859_1);
    }
}
