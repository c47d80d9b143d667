package org.medbackup.policy.internal.classify;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Finds words in text in one pass, however many they are (A. V. Aho and M. J. Corasick, "Efficient string matching", 1975).
 * Letters count alike in either case; runs of blanks, ends of lines among them, count as one. Immutable; safe for use by
 * several threads.
 */
final class WordSet {

    /** Symbols of a state; a power of two, so that states are numbers of their first place in the table. */
    private static final int ALPHABET = 64;

    private static final int BLANK = 28;

    /** Set in the number of a state in which a word ends. */
    private static final int END = Integer.MIN_VALUE;

    private static final byte[] CLASSES = classes();

    private final int[] next;
    private final int[] ends;
    private final int[] lengths;

    /** What is found is told by the place of the word in this list. */
    WordSet(List<String> words) {
        int most = words.stream().mapToInt(String::length).sum() + 1;
        int[] to = new int[most * ALPHABET];
        int[] end = new int[most];
        Arrays.fill(end, -1);
        int states = 1;
        for (int word = 0; word < words.size(); word++) {
            int state = 0;
            for (char each : words.get(word).toCharArray()) {
                int symbol = CLASSES[each];
                if (symbol == 0) {
                    throw new IllegalArgumentException("a word has a character that none may have");
                }
                int at = state * ALPHABET + symbol;
                if (to[at] == 0) {
                    to[at] = states++;
                }
                state = to[at];
            }
            end[state] = word;
        }
        this.next = Arrays.copyOf(to, states * ALPHABET);
        this.ends = Arrays.copyOf(end, states);
        this.lengths = words.stream().mapToInt(String::length).toArray();
        link(states);
        seal();
    }

    private void link(int states) {
        int[] fail = new int[states];
        boolean[] blank = new boolean[states];
        Deque<Integer> left = new ArrayDeque<>();
        for (int symbol = 0; symbol < ALPHABET; symbol++) {
            if (next[symbol] != 0) {
                left.add(next[symbol]);
                blank[next[symbol]] = symbol == BLANK;
            }
        }
        while (!left.isEmpty()) {
            int state = left.remove();
            if (ends[state] < 0) {
                ends[state] = ends[fail[state]];
            }
            for (int symbol = 0; symbol < ALPHABET; symbol++) {
                int at = state * ALPHABET + symbol;
                int fallback = next[fail[state] * ALPHABET + symbol];
                if (next[at] == 0) {
                    next[at] = fallback;
                } else {
                    fail[next[at]] = fallback;
                    blank[next[at]] = symbol == BLANK;
                    left.add(next[at]);
                }
            }
        }
        // A blank after a blank changes nothing.
        for (int state = 0; state < states; state++) {
            if (blank[state]) {
                next[state * ALPHABET + BLANK] = state;
            }
        }
    }

    /** Makes each number of a state the place where it begins, with a mark where a word ends. */
    private void seal() {
        for (int i = 0; i < next.length; i++) {
            int state = next[i];
            next[i] = state * ALPHABET | (ends[state] >= 0 ? END : 0);
        }
    }

    private static byte[] classes() {
        byte[] classes = new byte[256];
        for (int i = 0; i < 26; i++) {
            classes['a' + i] = (byte) (i + 1);
            classes['A' + i] = (byte) (i + 1);
        }
        for (int i = 0; i < 10; i++) {
            classes['0' + i] = 27;
        }
        classes[' '] = BLANK;
        classes['\t'] = BLANK;
        classes['\n'] = BLANK;
        classes['\r'] = BLANK;
        classes['"'] = 29;
        classes['-'] = 30;
        classes['.'] = 31;
        classes[':'] = 32;
        classes['2'] = 33;
        classes['4'] = 34;
        classes['='] = 35;
        classes['/'] = 36;
        classes['#'] = 37;
        classes['_'] = 38;
        return classes;
    }

    /** Hears what is found. */
    @FunctionalInterface
    interface Visitor {

        /**
         * A word stands here; of several that end at one place only the longest is told.
         *
         * @param word its place in the list
         * @param end the place after its last letter
         */
        void found(int word, int end);
    }

    void scan(byte[] text, int from, int to, Visitor visitor) {
        int state = 0;
        for (int i = from; i < to; i++) {
            state = next[state + CLASSES[text[i] & 0xff]];
            if (state < 0) {
                state &= ~END;
                visitor.found(ends[state / ALPHABET], i + 1);
            }
        }
    }

    /** How long a word is. */
    int length(int word) {
        return lengths[word];
    }
}
