package org.medbackup.documents.page;

import com.openhtmltopdf.outputdevice.helper.BaseRendererBuilder.FontStyle;
import com.openhtmltopdf.outputdevice.helper.ExternalResourceControlPriority;
import com.openhtmltopdf.pdfboxout.PdfBoxRenderer;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import com.openhtmltopdf.util.XRLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.TimeZone;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDDocumentInformation;

/**
 * Writes a page as PDF, tagged so that it can be read aloud, with its one font inside. The same page gives the same bytes. What
 * the font does not have, and what is written from right to left, stands there as numbers of Unicode; it has the letters of
 * Latin, Greek and Cyrillic.
 */
public final class PdfPage {

    /** Held, so that its level is. Its library tells standard error which fonts it falls back to for what no page uses. */
    private static final Logger FONTS = Logger.getLogger("org.apache.pdfbox");

    static {
        FONTS.setLevel(Level.OFF);
    }

    private PdfPage() {}

    /** The file's bytes. */
    public static byte[] write(Page page) {
        // It would tell standard error of styles that it does not know.
        XRLog.setLoggingEnabled(false);
        try {
            return write(page, markup(page));
        } catch (IOException failed) {
            throw new UncheckedIOException("a page in memory cannot be written", failed);
        }
    }

    private static byte[] write(Page page, String markup) throws IOException {
        var builder = new PdfRendererBuilder()
                .usePdfUaAccessibility(true)
                .withProducer("MedBackup")
                .useFont(PageFont.INSTANCE::open, PageFont.FAMILY, 400, FontStyle.NORMAL, true)
                .useUriResolver((_, _) -> null)
                .useExternalResourceAccessControl(
                        (_, _) -> false, ExternalResourceControlPriority.RUN_BEFORE_RESOLVING_URI)
                .withHtmlContent(markup, null);
        try (PdfBoxRenderer renderer = builder.buildPdfRenderer();
                var out = new ByteArrayOutputStream()) {
            renderer.layout();
            PDDocument document = renderer.createPDFKeepOpen();
            PDDocumentInformation information = document.getDocumentInformation();
            Calendar made = new GregorianCalendar(TimeZone.getTimeZone("UTC"), Locale.ROOT);
            made.setTimeInMillis(page.made().toEpochMilli());
            information.setCreationDate(made);
            information.setModificationDate(made);
            document.setDocumentId(page.made().toEpochMilli());
            document.save(out);
            return out.toByteArray();
        }
    }

    private static String markup(Page page) {
        var markup = new Markup(new StringBuilder(), PageFont.INSTANCE::shows, PdfPage::draw);
        String title = markup.text(page.title());
        markup.out()
                .append("<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"")
                .append(markup.text(page.language()))
                .append("\"><head><title>")
                .append(title)
                .append("</title><meta name=\"description\" content=\"")
                .append(title)
                .append("\"/><style>\n")
                .append(Markup.STYLE)
                .append("""
                        @page{size:A4;margin:18mm 16mm 20mm;\
                        @bottom-right{content:counter(page) " / " counter(pages);font-size:8pt;\
                        font-family:"Liberation Sans"}}
                        body{font-size:9.5pt}
                        h2,.caption{page-break-after:avoid}
                        tr{page-break-inside:avoid}
                        table{-fs-table-paginate:paginate}
                        .bar{height:6pt;margin-bottom:2pt}
                        """)
                .append("</style></head>\n<body>\n<h1>")
                .append(title)
                .append("</h1>\n");
        page.blocks().forEach(markup::put);
        return markup.out().append("</body></html>\n").toString();
    }

    private static void draw(StringBuilder out, Block.Chart chart, Block.Row row, String words) {
        for (Block.Bar bar : row.bars()) {
            long from = chart.place(bar.from());
            long width = Math.max(20, chart.place(bar.to()) - from);
            out.append(String.format(
                    Locale.ROOT,
                    "<div class=\"bar %s\" style=\"margin-left:%.2f%%;width:%.2f%%\"></div>",
                    bar.kind().name().toLowerCase(Locale.ROOT),
                    from / 100.0,
                    width / 100.0));
        }
    }
}
