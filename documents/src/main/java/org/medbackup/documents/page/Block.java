package org.medbackup.documents.page;

import java.util.ArrayList;
import java.util.List;

/** A part of a page. Its texts may hold anything: the doors see to it that they remain texts. */
public sealed interface Block {

    /** Begins a section. */
    record Heading(String text) implements Block {}

    /** A paragraph. */
    record Words(String text) implements Block {}

    /** A paragraph that must not be passed over. */
    record Notice(String text) implements Block {}

    /**
     * Names and values, one pair below the other.
     *
     * @param caption says what of
     */
    record Facts(String caption, List<Fact> facts) implements Block {

        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** A name and its value. */
    record Fact(String name, String value) {}

    /**
     * A table.
     *
     * @param caption says what of
     * @param columns their heads, which every page of the table repeats; at most 200 characters each
     * @param rows each as long as the heads
     */
    record Table(String caption, List<String> columns, List<List<String>> rows) implements Block {

        private static final int LONGEST_HEAD = 200;

        public Table {
            columns = List.copyOf(columns);
            if (columns.stream().anyMatch(each -> each.length() > LONGEST_HEAD)) {
                throw new IllegalArgumentException("a head that fills a page leaves no room for its table");
            }
            List<List<String>> copies = new ArrayList<>();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("a row is as long as the heads of the columns");
                }
                copies.add(List.copyOf(row));
            }
            rows = List.copyOf(copies);
        }
    }

    /**
     * Bars over a common scale that begins at zero.
     *
     * @param caption says what they show
     * @param end of the scale; above zero
     * @param rows one below the other
     */
    record Chart(String caption, double end, List<Row> rows) implements Block {

        public Chart {
            if (!(end > 0) || !Double.isFinite(end)) {
                throw new IllegalArgumentException("a scale is longer than nothing");
            }
            rows = List.copyOf(rows);
        }

        /** In hundredths of a percent of the scale, so that nothing but whole numbers is written. */
        long place(double value) {
            return Math.round(Math.clamp(value / end, 0, 1) * 10_000);
        }
    }

    /**
     * A row of a chart.
     *
     * @param label what it is about
     * @param bars drawn one below the other
     * @param words the same in words, for those who do not see the bars
     */
    record Row(String label, List<Bar> bars, String words) {

        public Row {
            bars = List.copyOf(bars);
        }
    }

    /**
     * A bar.
     *
     * @param kind how it looks
     * @param from where it begins on the scale
     * @param to where it ends
     */
    record Bar(Kind kind, double from, double to) {

        /** How a bar looks: told apart without colours too, by place and brightness. */
        public enum Kind {
            /** What was said before. */
            EXPECTED,
            /** What was measured. */
            MEASURED
        }
    }

    /**
     * Lines to be filled in by hand.
     *
     * @param caption says what for
     * @param names of the lines
     */
    record Blanks(String caption, List<String> names) implements Block {

        public Blanks {
            names = List.copyOf(names);
        }
    }
}
