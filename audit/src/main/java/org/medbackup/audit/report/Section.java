package org.medbackup.audit.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a report behind the matrix of controls.
 *
 * @param id by which it is named
 * @param title of it
 * @param words what is to be known of it
 * @param tables of it
 */
public record Section(String id, String title, List<String> words, List<Table> tables) {

    public Section {
        words = List.copyOf(words);
        tables = List.copyOf(tables);
    }

    /**
     * Rows of texts.
     *
     * @param caption says what of
     * @param columns their heads
     * @param rows each as long as the heads
     */
    public record Table(String caption, List<String> columns, List<List<String>> rows) {

        public Table {
            columns = List.copyOf(columns);
            var copies = new ArrayList<List<String>>();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("a row is as long as the heads of the columns");
                }
                copies.add(List.copyOf(row));
            }
            rows = List.copyOf(copies);
        }
    }
}
