package org.medbackup.testreport.gate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the rows of all tables of a Markdown text. */
final class RequirementsTable {

    private static final Pattern DELIMITER = Pattern.compile("\\|?\\s*:?-+:?\\s*(\\|\\s*:?-+:?\\s*)*\\|?");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final Pattern SEPARATORS = Pattern.compile("(?i)<br\\s*/?>|[,\\s]");
    private static final Pattern OPEN = Pattern.compile("(?i)^\\s*open\\b|\\*open\\*|_open_");

    private RequirementsTable() {}

    /**
     * A row under the head of a table.
     *
     * @param line where it stands, counted from 1
     * @param title its first cell
     * @param tests the tests named in its last cell
     * @param open whether that cell says that the requirement is open
     * @param rest what else stands in that cell, to be understood by nobody
     */
    record Row(int line, String title, List<String> tests, boolean open, String rest) {

        static Row parse(int line, String text) {
            String inner = text.strip().replaceFirst("^\\|", "").replaceFirst("(?<!\\\\)\\|$", "");
            List<String> cells = Arrays.asList(CELL_END.split(inner, -1));
            String last = cells.size() < 2 ? "" : cells.getLast();
            List<String> tests = CODE.matcher(last)
                    .results()
                    .map(found -> found.group(1).strip())
                    .toList();
            String words = CODE.matcher(last).replaceAll("");
            boolean open = OPEN.matcher(words).find();
            String rest = open ? "" : SEPARATORS.matcher(words).replaceAll("");
            return new Row(line, cells.getFirst().strip(), tests, open, rest);
        }
    }

    static List<Row> parse(List<String> lines) {
        List<Row> rows = new ArrayList<>();
        boolean inTable = false;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.startsWith("|")) {
                inTable = false;
            } else if (inTable) {
                rows.add(Row.parse(i + 1, line));
            } else if (DELIMITER.matcher(line).matches()) {
                inTable = true;
            }
        }
        return rows;
    }
}
