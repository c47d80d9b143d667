package org.medbackup.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.testkit.ManualExample;

class PolicyExampleTest {

    @TempDir
    Path temp;

    private static Classification example(Path file) throws IOException {
        // example:begin
        Classifier classifier = Classifier.builtIn();
        byte[] head;
        try (InputStream content = Files.newInputStream(file)) {
            head = content.readNBytes(Classifier.HEAD);
        }
        var facts = new FileFacts(PathBytes.of(file.toString()), Files.size(file), Instant.EPOCH, 0, 0, 0);
        Classification found = classifier.classify(facts, ByteBuffer.wrap(head));
        System.err.println(found.kind() + " " + found.sensitivity());
        for (LabelFinding each : found.findings()) {
            System.err.println(each.label() + ", " + each.confidence() + ": "
                    + each.reason().text());
        }
        // example:end
        return found;
    }

    @Test
    void theExampleOfTheManualClassifiesAFile() throws IOException {
        Path file = Files.writeString(temp.resolve("note"), "Patient MRN: 00482913, DOB: 1961-04-02");

        assertThat(example(file).sensitivity()).isEqualTo(Sensitivity.PHI);
    }

    @Test
    void theManualHoldsTheExampleAsItIsHere() {
        ManualExample.assertStandsIn(
                "docs/policy.md", "policy/src/test/java/org/medbackup/policy/PolicyExampleTest.java");
    }
}
