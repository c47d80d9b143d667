package org.medbackup.policy.internal.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.medbackup.corpus.SeededRandom;

class WordSetTest {

    private static Set<String> found(List<String> words, String text) {
        var set = new WordSet(words);
        var found = new TreeSet<String>();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        set.scan(bytes, 0, bytes.length, (word, end) -> found.add(words.get(word) + "@" + end));
        return found;
    }

    /** Of words that end at one place the longest. */
    private static Set<String> naive(List<String> words, String text) {
        var found = new TreeSet<String>();
        for (int end = 1; end <= text.length(); end++) {
            String longest = "";
            for (String word : words) {
                if (word.length() > longest.length() && text.substring(0, end).endsWith(word)) {
                    longest = word;
                }
            }
            if (!longest.isEmpty()) {
                found.add(longest + "@" + end);
            }
        }
        return found;
    }

    @Test
    void itFindsWhatASearchForEachWordFinds() {
        for (int seed = 0; seed < 300; seed++) {
            var random = SeededRandom.of(seed, 1);
            List<String> words = new ArrayList<>();
            for (int i = random.between(1, 8); i > 0; i--) {
                String word = letters(random, random.between(1, 5));
                if (!words.contains(word)) {
                    words.add(word);
                }
            }
            String text = letters(random, 200);

            assertThat(found(words, text)).as("seed %d", seed).isEqualTo(naive(words, text));
        }
    }

    private static String letters(SeededRandom random, int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.below(3)));
        }
        return text.toString();
    }

    @Test
    void lettersCountAlikeInEitherCaseAndBlanksAreOne() {
        assertThat(found(List.of("medical record"), "Medical \r\n\t RECORD")).hasSize(1);
        assertThat(found(List.of("dea#"), "DEA#")).hasSize(1);
        assertThat(new WordSet(List.of("dob")).length(0)).isEqualTo(3);
    }

    @Test
    void aWordWithACharacterThatNoneMayHaveIsRefused() {
        assertThatThrownBy(() -> new WordSet(List.of("a%b"))).isInstanceOf(IllegalArgumentException.class);
    }
}
