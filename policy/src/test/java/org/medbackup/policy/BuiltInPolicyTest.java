package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.DocumentKind;

class BuiltInPolicyTest {

    /** When everybody of the corpus is of age. */
    private static final Instant NOW = Instant.parse("2060-03-01T12:00:00Z");

    private static final ClinicalDocuments DOCUMENTS = ClinicalDocuments.of(5).withImageBytes(8 << 10);

    @ParameterizedTest
    @EnumSource
    void aPolicyToBeginWithHasNoConflicts(BuiltInPolicy each) {
        assertThat(Policy.check(each.text())).isEmpty();
        assertThat(each.policy().conflicts()).isEmpty();
    }

    private static Decision decided(BuiltInPolicy policy, DocumentKind kind, int days) {
        Document document = DOCUMENTS.document(kind, 1);
        byte[] head = document.content();
        var facts = new FileFacts(
                PathBytes.of("/srv/" + document.relativePath()),
                head.length,
                NOW.minus(Duration.ofDays(days)),
                0,
                0,
                0);
        Classification found = Classifier.builtIn().classify(facts, ByteBuffer.wrap(head));
        return policy.policy().decide(facts, found, NOW);
    }

    @Test
    void inAHospitalEachKindOfDocumentGoesWhereItBelongs() {
        assertThat(decided(BuiltInPolicy.HOSPITAL, DocumentKind.DICOM, 10)).satisfies(decision -> {
            assertThat(decision.tier()).isEqualTo("vault");
            assertThat(decision.retention()).isEqualTo("imaging");
        });
        assertThat(decided(BuiltInPolicy.HOSPITAL, DocumentKind.DICOM, 800).tier())
                .isEqualTo("archive");
        assertThat(decided(BuiltInPolicy.HOSPITAL, DocumentKind.X12_837, 1).keyDomain())
                .isEqualTo("billing");
        assertThat(decided(BuiltInPolicy.HOSPITAL, DocumentKind.SUBSTANCE_USE_NOTE, 1))
                .satisfies(decision -> {
                    assertThat(decision.keyDomain()).isEqualTo("part2");
                    assertThat(decision.tier()).isEqualTo("vault");
                });
        assertThat(decided(BuiltInPolicy.HOSPITAL, DocumentKind.PSYCHOTHERAPY_NOTE, 1)
                        .keyDomain())
                .isEqualTo("psychotherapy");
        for (DocumentKind kind :
                List.of(DocumentKind.HL7_ADT, DocumentKind.FHIR_BUNDLE, DocumentKind.CCDA, DocumentKind.NOTE)) {
            assertThat(decided(BuiltInPolicy.HOSPITAL, kind, 1)).as(kind.name()).satisfies(decision -> {
                assertThat(decision.retention()).isEqualTo("chart");
                assertThat(decision.copies()).isEqualTo(3);
                assertThat(decision.quarantined()).isFalse();
            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HOSPITAL", "CLINIC", "PACS"})
    void theRecordsOfChildrenAreKeptUntilTheyAreOfAgeAndTenYearsOn(BuiltInPolicy each) {
        byte[] head = "{\"resourceType\":\"Patient\",\"birthDate\":\"2059-01-01\"}".getBytes(StandardCharsets.UTF_8);
        var facts = new FileFacts(PathBytes.of("/srv/child.json"), head.length, NOW, 0, 0, 0);
        Decision decision =
                each.policy().decide(facts, Classifier.builtIn().classify(facts, ByteBuffer.wrap(head)), NOW);

        assertThat(new PolicyTerms(each.policy())
                        .of(decision.retention())
                        .orElseThrow()
                        .keep())
                .isEqualTo(Period.ofYears(28));
    }

    @Test
    void studiesOfAPacsMoveWithTheirAge() {
        assertThat(decided(BuiltInPolicy.PACS, DocumentKind.DICOM, 1).tier()).isEqualTo("vault");
        assertThat(decided(BuiltInPolicy.PACS, DocumentKind.DICOM, 500).tier()).isEqualTo("archive");
        assertThat(decided(BuiltInPolicy.PACS, DocumentKind.DICOM, 2_000).tier())
                .isEqualTo("deep");
    }

    @Test
    void whatNamesPeopleIsNotAmongTheDataOfStudies() {
        assertThat(decided(BuiltInPolicy.RESEARCH, DocumentKind.FHIR_PATIENT, 1).keyDomain())
                .isEqualTo("people");
        assertThat(decided(BuiltInPolicy.CLINIC, DocumentKind.NOTE, 1).tier()).isEqualTo("vault");
    }
}
