package org.medbackup.documents.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.medbackup.documents.page.Block.Bar;
import org.medbackup.documents.page.Block.Chart;
import org.medbackup.documents.page.Block.Fact;
import org.medbackup.documents.page.Block.Row;

/** Pages as HTML and as PDF. */
class PageTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static Page page(String text) {
        return new Page(
                text,
                "en",
                NOON,
                List.of(
                        new Block.Heading(text),
                        new Block.Words(text),
                        new Block.Notice(text),
                        new Block.Facts(text, List.of(new Fact(text, text), new Fact("measured", "6.9 s"))),
                        new Block.Table(
                                text,
                                List.of(text.length() > 200 ? "name" : text, "number"),
                                List.of(List.of(text, "1234.5"))),
                        new Chart(
                                text,
                                10,
                                List.of(new Row(
                                        text,
                                        List.of(
                                                new Bar(Bar.Kind.EXPECTED, 0, 6.9),
                                                new Bar(Bar.Kind.MEASURED, 1.3, 7.8)),
                                        text + " 7.8 s"))),
                        new Block.Blanks(text, List.of(text))));
    }

    private static String text(byte[] pdf) {
        try (PDDocument document = Loader.loadPDF(pdf)) {
            return new PDFTextStripper().getText(document);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Without the breaks that a line gets where it is full, and without the numbers of the pages. */
    private static String joined(String text) {
        return text.replaceAll("\\d+ / \\d+\\R", "").replaceAll("\\s", "");
    }

    @Test
    void bothSayTheSame() {
        Page page = page("ward site");

        assertThat(HtmlPage.write(page)).contains("<td dir=\"auto\">6.9 s</td>", "1234.5", "ward site 7.8 s", "<svg ");
        assertThat(text(PdfPage.write(page))).contains("measured 6.9 s", "1234.5", "ward site 7.8 s", "1 / 1");
    }

    @Test
    void theSamePageGivesTheSameBytes() {
        assertThat(PdfPage.write(page("a"))).isEqualTo(PdfPage.write(page("a"))).isNotEqualTo(PdfPage.write(page("b")));
        assertThat(HtmlPage.write(page("a"))).isEqualTo(HtmlPage.write(page("a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "' onload='alert(1)",
                "</td></tr></table><h1>",
                "&amp; &lt; &#60; ]]> <!-- -->",
                "javascript:alert(1) url(https://example.org/x)"
            })
    void aHostileNameRemainsAText(String name) {
        String html = HtmlPage.write(page(name));

        assertThat(html).doesNotContain("<script", "<img", "<!-- -->");
        assertThat(elements(html)).isEqualTo(elements(HtmlPage.write(page("a"))));
        assertThat(joined(text(PdfPage.write(page(name))))).contains(joined(name + " 7.8 s"));
    }

    /** The names of all elements, in order, with the names of their attributes. */
    private static List<String> elements(String html) {
        List<String> names = new ArrayList<>();
        var tag = Pattern.compile("<([^>]*)>").matcher(html);
        while (tag.find()) {
            names.add(tag.group(1).replaceAll("\"[^\"]*\"", ""));
        }
        return names;
    }

    @Test
    void whatCannotStandInAPageIsWrittenAsItsNumber() {
        String name = "a\u0000b\r\nc\u202Ed\u2028e\uD800f\uFFFFg\u0007";
        String shown = "a[U+0000]b[U+000D][U+000A]c[U+202E]d[U+2028]e[U+D800]f[U+FFFF]g[U+0007]";

        assertThat(HtmlPage.write(page(name))).contains("<p>" + shown + "</p>");
        assertThat(joined(text(PdfPage.write(page(name))))).contains(shown + "7.8s");
    }

    @Test
    void whatIsWrittenFromTheRightKeepsItsPlace() {
        String name = "\u05D0\u05D1 \u0627 \u65E5 \u00E9\u03A9\u0436";

        assertThat(HtmlPage.write(page(name))).contains("<td dir=\"auto\">" + name + "</td>");
        // The font of the PDF has no such letters, and nothing in it turns them round.
        assertThat(joined(text(PdfPage.write(page(name)))))
                .contains("[U+05D0][U+05D1][U+0627][U+65E5]\u00E9\u03A9\u04367.8s");
    }

    @Test
    void aVeryLongNameIsBrokenAndWhole() {
        String name = "x".repeat(5_000);

        assertThat(joined(text(PdfPage.write(page(name))))).contains(name + "7.8s");
        assertThat(HtmlPage.write(page(name))).contains(name);
    }

    @Test
    void nothingRefersToAnythingElse() {
        String html = HtmlPage.write(page("a"));

        assertThat(html)
                .doesNotContain("http:", "https:", "//", "src=", "href", "url(", "@import", "<script", "<link")
                .contains("default-src 'none'");
    }

    @Test
    void thePdfIsTaggedNamedDatedAndBringsItsFont() throws IOException {
        try (PDDocument document = Loader.loadPDF(PdfPage.write(page("ward & site")))) {
            assertThat(document.getDocumentCatalog().getMarkInfo().isMarked()).isTrue();
            assertThat(document.getDocumentCatalog().getStructureTreeRoot()).isNotNull();
            assertThat(document.getDocumentCatalog().getLanguage()).isEqualTo("en");
            assertThat(document.getDocumentInformation().getTitle()).isEqualTo("ward & site");
            assertThat(document.getDocumentInformation().getCreationDate().toInstant())
                    .isEqualTo(NOON);
            for (COSName each : document.getPage(0).getResources().getFontNames()) {
                assertThat(document.getPage(0).getResources().getFont(each).isEmbedded())
                        .isTrue();
            }
            assertThat(names(document))
                    .doesNotContain("JavaScript", "JS", "URI", "Launch", "EmbeddedFiles", "OpenAction");
        }
    }

    private static Set<String> names(PDDocument document) {
        Set<String> names = new HashSet<>();
        document.getDocument().getXrefTable().keySet().forEach(key -> {
            COSObject object = document.getDocument().getObjectFromPool(key);
            if (object.getObject() instanceof COSDictionary dictionary) {
                dictionary.keySet().forEach(each -> names.add(each.getName()));
                names.add(String.valueOf(dictionary.getNameAsString(COSName.S)));
            }
        });
        return names;
    }

    @Test
    void theFontIsNeverLookedForOnThisMachine() {
        PageFont font = PageFont.INSTANCE;

        assertThat(font.getFontBoxFont("Helvetica", null).getFont())
                .isSameAs(font.getTrueTypeFont("Arial", null).getFont());
        assertThat(font.getCIDFont("Other", null, null).isFallback()).isTrue();
        assertThat(font.shows('a')).isTrue();
        assertThat(font.shows(0x05D0)).isFalse();
    }

    @Test
    void whatIsNoTableAndNoScaleIsRefused() {
        assertThatThrownBy(() -> new Block.Table("", List.of("a"), List.of(List.of("a", "b"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Block.Table("", List.of("x".repeat(201)), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Chart("", 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Chart("", Double.NaN, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theHtmlIsWellFormed() throws Exception {
        String html = HtmlPage.write(page("<&\"'>"));
        String body = html.substring(html.indexOf("<body>"), html.indexOf("</html>"));

        var parsed = javax.xml.parsers.DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));

        assertThat(parsed.getElementsByTagName("h1").item(0).getTextContent()).isEqualTo("<&\"'>");
    }
}
