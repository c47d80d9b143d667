package org.medbackup.documents.page;

import java.time.Instant;
import java.util.List;

/**
 * A document for people. {@link HtmlPage} and {@link PdfPage} write the same words and numbers of it.
 *
 * @param title of the whole
 * @param language of its words, such as {@code en}
 * @param made the moment that it names as its date; no door asks a clock, so that the same page gives the same bytes
 * @param blocks what it says, in order
 */
public record Page(String title, String language, Instant made, List<Block> blocks) {

    public Page {
        blocks = List.copyOf(blocks);
    }
}
