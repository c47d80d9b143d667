package org.medbackup.engine.internal;

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

/** No bytes make a decoder loop, take much memory, or fail otherwise than it says. */
class FuzzingTest {

    private static final Path CORPUS = Path.of("src/test/fuzz");
    private static final List<Target> TARGETS = new EngineDecoders().all();

    @TempDir
    Path temp;

    static Stream<String> names() {
        return TARGETS.stream().map(Target::name);
    }

    private static Target target(String name) {
        return TARGETS.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void everyInputOfTheSavedCorpusIsReadOrRefused(String name) throws IOException {
        Target target = target(name);
        target.seeds()
                .forEach(seed -> assertThat(Fuzzing.feed(target, seed.clone()))
                        .as("a seed is read")
                        .isTrue());
        List<Path> inputs;
        try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
            inputs = files.sorted().toList();
        }
        assertThat(inputs).isNotEmpty();
        for (Path input : inputs) {
            Fuzzing.feed(target, Files.readAllBytes(input));
        }
        Fuzzing.feed(target, new byte[0]);
    }

    /** One decoder for some seconds on every run, so that the way is known to work; all of them on a long one. */
    @Test
    void jazzerFindsNoInputThatADecoderDoesNotBear() throws Exception {
        int seconds = Evidence.rounds(2, 60);
        for (Target target : Evidence.isLong() ? Fuzzing.chosen(TARGETS) : List.of(target("page"))) {
            long started = System.nanoTime();
            Fuzzing.Campaign campaign = Fuzzing.hunt(
                    EngineDecoders.class,
                    target,
                    CORPUS.resolve(target.name()).toAbsolutePath(),
                    temp.resolve(target.name()),
                    seconds);
            assertThat(campaign.found()).as(target.name()).isEmpty();
            assertThat(campaign.inputs()).as(target.name()).isGreaterThan(100);
            assertThat(campaign.edges()).as(target.name()).isPositive();
            Evidence.keep("fuzzing", "engine-" + target.name(), started, new TreeMap<>(campaign.counts(seconds)));
        }
    }
}
