package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.DocumentKind;
import org.medbackup.corpus.SeededRandom;

/** Whatever the bytes are, there is an answer, always the same, and what is damaged is no less protected. */
class AnyBytesTest {

    private static final ClinicalDocuments DOCUMENTS = ClinicalDocuments.of(91).withImageBytes(8 << 10);

    private static Classification classified(byte[] head, int length) {
        return Classifier.builtIn().classify(Heads.facts("/srv/any", 10_000), ByteBuffer.wrap(head, 0, length));
    }

    @Test
    void noBytesAreWithoutAnAnswer() {
        for (int seed = 0; seed < 3_000; seed++) {
            var random = SeededRandom.of(seed, 7);
            byte[] bytes = new byte[random.between(1, 600)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.below(256);
            }
            assertThat(classified(bytes, bytes.length)).as("seed %d", seed).isEqualTo(classified(bytes, bytes.length));
        }
    }

    @Test
    void aDocumentThatIsCutAnywhereHasAnAnswer() {
        for (DocumentKind kind : DocumentKind.values()) {
            byte[] whole = DOCUMENTS.document(kind, 3).content();
            for (int length = 1; length <= Math.min(whole.length, Classifier.HEAD); length++) {
                assertThat(classified(whole, length).kind())
                        .as("%s cut at %d", kind, length)
                        .isNotNull();
            }
        }
    }

    @Test
    void aDocumentInWhichBytesWereChangedHasAnAnswer() {
        for (DocumentKind kind : DocumentKind.values()) {
            byte[] whole = DOCUMENTS.document(kind, 5).content();
            byte[] head = Arrays.copyOf(whole, Math.min(whole.length, Classifier.HEAD));
            for (int seed = 0; seed < 400; seed++) {
                var random = SeededRandom.of(seed, kind.name().hashCode());
                byte[] changed = head.clone();
                for (int i = random.between(1, 20); i > 0; i--) {
                    changed[random.below(changed.length)] = (byte) random.below(256);
                }
                assertThat(classified(changed, changed.length).kind())
                        .as("%s, seed %d", kind, seed)
                        .isNotNull();
            }
        }
    }
}
