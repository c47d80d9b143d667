package org.medbackup.policy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.medbackup.core.PathBytes;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.documents.JsonValue;
import org.medbackup.documents.JsonValue.Members;

/** Makes the tests of a policy from a document that keeps the schema. */
final class TestBinding {

    private TestBinding() {}

    static Expectation test(int place, Members item) {
        Members facts = item.members("facts");
        Members expect = item.members("expect");
        Duration age = Written.text(facts, "age").map(Written::duration).orElse(Duration.ZERO);
        var file = new FileFacts(
                PathBytes.of(Written.text(facts, "path").orElse("/srv/file")),
                Written.whole(facts, "size").orElse(0L),
                Expectation.NOW.minus(age),
                Math.toIntExact(Written.whole(facts, "uid").orElse(0L)),
                Math.toIntExact(Written.whole(facts, "gid").orElse(0L)),
                0,
                Expectation.NOW.minus(
                        Written.text(facts, "idle").map(Written::duration).orElse(age)));
        return new Expectation(
                Written.text(item, "name").orElse(Integer.toString(place + 1)),
                file,
                Classification.of(
                        DataKind.valueOf(
                                Written.text(facts, "kind").orElse("other").toUpperCase(Locale.ROOT)),
                        labels(facts)),
                new Expectation.Expected(
                        Written.text(expect, "tier").orElse(null),
                        Written.text(expect, "retention").orElse(null),
                        Written.text(expect, "keyDomain").orElse(null),
                        Math.toIntExact(Written.whole(expect, "copies").orElse(0L)),
                        expect.find("quarantined").isPresent() ? Written.isTrue(expect, "quarantined") : null));
    }

    private static List<LabelFinding> labels(Members facts) {
        List<LabelFinding> findings = new ArrayList<>();
        if (facts.find("labels").isPresent()) {
            for (JsonValue each : facts.items("labels")) {
                findings.add(new LabelFinding(Label.valueOf(((JsonValue.Text) each).value()), 1, Reason.IDENTIFIERS));
            }
        }
        return findings;
    }
}
