package org.medbackup.documents.page;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Writes the blocks of a page as well-formed markup that is HTML and XHTML alike. For one thread.
 *
 * @param out what was written
 * @param shown which code points the font has
 * @param drawing how bars are drawn
 */
record Markup(StringBuilder out, IntPredicate shown, Drawing drawing) {

    /** Draws the bars of one row. */
    @FunctionalInterface
    interface Drawing {

        void draw(StringBuilder out, Block.Chart chart, Block.Row row, String words);
    }

    /** Both doors use the same; each says itself how large a page is. */
    static final String STYLE = """
            body{font-family:"Liberation Sans",Arial,Helvetica,sans-serif;color:#1a1a1a;line-height:1.4}
            h1{font-size:1.6em;font-weight:normal;margin:0 0 .6em}
            h2{font-size:1.2em;font-weight:normal;color:#14466b;border-bottom:1px solid #9db4c6;margin:1.6em 0 .5em}
            p{margin:.5em 0;word-wrap:break-word;overflow-wrap:anywhere}
            .notice{border:1px solid #8a5a00;background:#fff6e0;padding:.4em .6em}
            table{width:100%;border-collapse:collapse;table-layout:fixed;margin:.4em 0 1em}
            .caption{color:#444;margin:.8em 0 .2em}
            th,td{border:1px solid #c4ccd3;padding:.25em .4em;text-align:left;vertical-align:top;font-weight:normal;\
            word-wrap:break-word;overflow-wrap:anywhere}
            th{background:#eef2f5}
            .name{width:32%}
            .bars{width:46%}
            .blank{height:2em}
            .expected{background:#a8c3d8;fill:#a8c3d8}
            .measured{background:#14466b;fill:#14466b}
            """;

    String text(String text) {
        return ShownText.of(text, shown);
    }

    void put(Block block) {
        switch (block) {
            case Block.Heading heading -> element("h2", "", heading.text());
            case Block.Words words -> element("p", "", words.text());
            case Block.Notice notice -> element("p", " class=\"notice\"", notice.text());
            case Block.Facts facts -> put(facts);
            case Block.Table table -> put(table);
            case Block.Chart chart -> put(chart);
            case Block.Blanks blanks -> put(blanks);
        }
    }

    private void element(String name, String attributes, String text) {
        out.append('<').append(name).append(attributes).append('>').append(text(text));
        out.append("</").append(name).append(">\n");
    }

    private void begin(String caption) {
        element("p", " class=\"caption\"", caption);
        out.append("<table>");
    }

    private void put(Block.Facts facts) {
        begin(facts.caption());
        out.append("<tbody>\n");
        facts.facts().forEach(each -> {
            out.append("<tr>");
            element("th", " class=\"name\" scope=\"row\"", each.name());
            element("td", " dir=\"auto\"", each.value());
            out.append("</tr>\n");
        });
        out.append("</tbody></table>\n");
    }

    private void put(Block.Table table) {
        begin(table.caption());
        heads(table.columns(), "");
        out.append("<tbody>\n");
        table.rows().forEach(row -> {
            out.append("<tr>");
            row.forEach(cell -> element("td", " dir=\"auto\"", cell));
            out.append("</tr>\n");
        });
        out.append("</tbody></table>\n");
    }

    private void heads(List<String> columns, String attributes) {
        out.append("<thead><tr>");
        columns.forEach(each -> element("th", attributes + " scope=\"col\"", each));
        out.append("</tr></thead>\n");
    }

    private void put(Block.Chart chart) {
        begin(chart.caption());
        out.append("<tbody>\n");
        chart.rows().forEach(row -> {
            out.append("<tr>");
            element("th", " scope=\"row\"", row.label());
            out.append("<td class=\"bars\">");
            drawing.draw(out, chart, row, text(row.words()));
            out.append("</td>");
            element("td", " dir=\"auto\"", row.words());
            out.append("</tr>\n");
        });
        out.append("</tbody></table>\n");
    }

    private void put(Block.Blanks blanks) {
        begin(blanks.caption());
        out.append("<tbody>\n");
        blanks.names().forEach(each -> {
            out.append("<tr>");
            element("th", " class=\"name blank\" scope=\"row\"", each);
            out.append("<td></td></tr>\n");
        });
        out.append("</tbody></table>\n");
    }
}
