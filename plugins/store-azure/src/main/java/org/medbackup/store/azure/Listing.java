package org.medbackup.store.azure;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A page of a listing.
 *
 * @param blobs what it names, in its order
 * @param next where the next page begins, empty where there is none
 */
record Listing(List<Blob> blobs, String next) {

    /** Longer than any page of five thousand names is. */
    private static final long LONGEST = 64L << 20;

    /**
     * What a page names.
     *
     * @param name as it is in the container
     * @param length in bytes, negative where the page does not say
     * @param version which of its versions; {@link Version#NONE} where the page does not say
     */
    record Blob(String name, long length, Version version) {}

    /**
     * Reads a page.
     *
     * @throws IOException where it is cut, or is none; nothing of it is quoted
     */
    static Listing read(InputStream page) throws IOException {
        try {
            XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            factory.setProperty(XMLInputFactory.IS_COALESCING, true);
            XMLStreamReader reader = factory.createXMLStreamReader(new Bounded(page));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException unreadable) {
            if (unreadable.getNestedException() instanceof IOException broken) {
                throw broken;
            }
            throw new EOFException("the answer is no whole page");
        }
    }

    private static Listing read(XMLStreamReader reader) throws XMLStreamException, IOException {
        List<Blob> blobs = new ArrayList<>();
        String next = "";
        String name = "";
        long length = -1;
        String version = "";
        boolean isCurrent = false;
        boolean isPage = false;
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals("Blob")) {
                blobs.add(new Blob(name, length, version.isEmpty() ? Version.NONE : new Version(version, isCurrent)));
                name = "";
                length = -1;
                version = "";
                isCurrent = false;
            } else if (event == XMLStreamConstants.START_ELEMENT) {
                switch (reader.getLocalName()) {
                    case "EnumerationResults" -> isPage = true;
                    case "Name" -> name = reader.getElementText();
                    case "Content-Length" -> length = number(reader.getElementText());
                    case "VersionId" -> version = reader.getElementText();
                    case "IsCurrentVersion" ->
                        isCurrent = reader.getElementText().equals("true");
                    case "NextMarker" -> next = reader.getElementText();
                    default -> {
                        // Nothing of ours.
                    }
                }
            }
        }
        if (!isPage) {
            throw new EOFException("the answer is no page");
        }
        return new Listing(blobs, next);
    }

    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /** Ends a page without end. */
    private static final class Bounded extends InputStream {

        private final InputStream page;
        private long left = LONGEST;

        Bounded(InputStream page) {
            this.page = page;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int got = page.read(target, offset, length);
            left -= Math.max(got, 0);
            if (left < 0) {
                throw new IOException("the page is too long");
            }
            return got;
        }
    }
}
