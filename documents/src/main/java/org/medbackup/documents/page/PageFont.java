package org.medbackup.documents.page;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.fontbox.FontBoxFont;
import org.apache.fontbox.ttf.CmapLookup;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.io.RandomAccessReadBuffer;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.CIDFontMapping;
import org.apache.pdfbox.pdmodel.font.FontMapper;
import org.apache.pdfbox.pdmodel.font.FontMappers;
import org.apache.pdfbox.pdmodel.font.FontMapping;
import org.apache.pdfbox.pdmodel.font.PDCIDSystemInfo;
import org.apache.pdfbox.pdmodel.font.PDFontDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The one font of pages as PDF: Liberation Sans, which the library for PDF brings with it. The library is kept from looking for
 * fonts on this machine, which takes seconds, writes a file into the caller's home, and would make a page depend on where it was
 * made. Immutable; safe for use by several threads.
 */
final class PageFont implements FontMapper {

    static final String FAMILY = "Liberation Sans";

    private static final String FILE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";

    /** Made when the first page is written. */
    static final PageFont INSTANCE = load();

    private final byte[] bytes;
    private final TrueTypeFont face;
    private final CmapLookup glyphs;

    private PageFont(byte[] bytes) throws IOException {
        this.bytes = bytes;
        this.face = new TTFParser().parse(new RandomAccessReadBuffer(bytes));
        this.glyphs = face.getUnicodeCmapLookup();
    }

    private static PageFont load() {
        try (InputStream in = PDDocument.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the library for PDF lacks its font");
            }
            var font = new PageFont(in.readAllBytes());
            FontMappers.set(font);
            return font;
        } catch (IOException failed) {
            throw new UncheckedIOException("the font cannot be read", failed);
        }
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    /** Whether it has a code point, and shows it where it stands: what is written from the right would stand the wrong way. */
    boolean shows(int point) {
        return glyphs.getGlyphId(point) > 0
                && switch (Character.getDirectionality(point)) {
                    case Character.DIRECTIONALITY_RIGHT_TO_LEFT, Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC -> false;
                    default -> true;
                };
    }

    @Override
    public FontMapping<TrueTypeFont> getTrueTypeFont(String name, @Nullable PDFontDescriptor descriptor) {
        return new FontMapping<>(face, true);
    }

    @Override
    public FontMapping<FontBoxFont> getFontBoxFont(String name, @Nullable PDFontDescriptor descriptor) {
        return new FontMapping<>(face, true);
    }

    @Override
    public CIDFontMapping getCIDFont(
            String name, @Nullable PDFontDescriptor descriptor, @Nullable PDCIDSystemInfo system) {
        return new CIDFontMapping(null, face, true);
    }
}
