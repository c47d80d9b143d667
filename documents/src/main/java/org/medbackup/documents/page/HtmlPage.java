package org.medbackup.documents.page;

import java.util.Locale;

/**
 * Writes a page as one HTML file that needs nothing else: no script, no picture, no font, no reference to anywhere. The same page
 * gives the same text.
 */
public final class HtmlPage {

    private static final int BAR = 10;

    private HtmlPage() {}

    /** The file's text, for UTF-8. */
    public static String write(Page page) {
        var markup = new Markup(new StringBuilder(), _ -> true, HtmlPage::draw);
        String title = markup.text(page.title());
        markup.out()
                .append("<!DOCTYPE html>\n<html lang=\"")
                .append(markup.text(page.language()))
                .append("\"><head><meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\"")
                .append(" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
                .append("<meta name=\"date\" content=\"")
                .append(page.made())
                .append("\">\n<title>")
                .append(title)
                .append("</title>\n<style>\n")
                .append(Markup.STYLE)
                .append("body{max-width:60em;margin:2em auto;padding:0 1em}\nsvg{display:block;width:100%}\n")
                .append("</style></head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        page.blocks().forEach(markup::put);
        return markup.out().append("</body></html>\n").toString();
    }

    private static void draw(StringBuilder out, Block.Chart chart, Block.Row row, String words) {
        int height = Math.max(1, row.bars().size()) * BAR;
        out.append(String.format(
                Locale.ROOT,
                "<svg role=\"img\" aria-label=\"%s\" viewBox=\"0 0 10000 %d\" height=\"%d\" preserveAspectRatio=\"none\">",
                words,
                height,
                height * 2));
        int top = 0;
        for (Block.Bar bar : row.bars()) {
            long from = chart.place(bar.from());
            out.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                    bar.kind().name().toLowerCase(Locale.ROOT),
                    from,
                    top,
                    Math.max(20, chart.place(bar.to()) - from),
                    BAR - 2));
            top += BAR;
        }
        out.append("</svg>");
    }
}
