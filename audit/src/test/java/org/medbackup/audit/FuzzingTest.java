package org.medbackup.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.medbackup.testkit.Evidence;
import org.medbackup.testkit.Fuzzing;
import org.medbackup.testkit.Fuzzing.Target;

/** No bytes make a decoder of the trail loop, take much memory, or fail. */
class FuzzingTest {

    private static final Path CORPUS = Path.of("src/test/fuzz");

    @TempDir
    Path temp;

    static Stream<String> names() {
        return new AuditDecoders().all().stream().map(Target::name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void everyInputOfTheSavedCorpusIsReadOrToldToBeDamage(String name) throws IOException {
        Target target = new AuditDecoders()
                .all().stream()
                        .filter(each -> each.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        target.seeds()
                .forEach(seed -> assertThat(Fuzzing.feed(target, seed.clone())).isTrue());
        List<Path> inputs;
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            assertThat(Fuzzing.feed(target, Files.readAllBytes(input))).isTrue();
        }
        assertThat(Fuzzing.feed(target, new byte[0])).isTrue();
    }

    /** One decoder for a moment on every run, so that the way is known to work; all of them on a long one. */
    @Test
    void jazzerFindsNoInputThatADecoderDoesNotBear() throws Exception {
        int seconds = Evidence.rounds(1, 60);
        List<Target> targets = new AuditDecoders().all();
        for (Target target : Evidence.isLong() ? Fuzzing.chosen(targets) : targets.subList(0, 1)) {
            long started = System.nanoTime();
            Fuzzing.Campaign campaign = Fuzzing.hunt(
                    AuditDecoders.class,
                    target,
                    CORPUS.resolve(target.name()).toAbsolutePath(),
                    temp.resolve(target.name()),
                    seconds);
            assertThat(campaign.found()).as(target.name()).isEmpty();
            assertThat(campaign.inputs()).as(target.name()).isGreaterThan(100);
            Evidence.keep("fuzzing", "audit-" + target.name(), started, new TreeMap<>(campaign.counts(seconds)));
        }
    }
}
