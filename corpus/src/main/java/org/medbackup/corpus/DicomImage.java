package org.medbackup.corpus;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/**
 * A DICOM file (PS3.10) of one image of 16 bits a pixel in explicit VR little endian: what comes before the pixels, and
 * the pixels in stretches of any length, so that a large image need not be in memory.
 *
 * <p>A pixel is noise of 15 bits upon a brightness that rises over the rows: less than 3 % of it compresses away, as with
 * images that a modality has compressed already.
 */
final class DicomImage {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd", Locale.ROOT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);
    private static final String CT_IMAGE_STORAGE = "1.2.840.10008.5.1.4.1.1.2";
    private static final String EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1";
    private static final String IMPLEMENTATION = "2.25.162530193428462716303816024921437508131";
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] head;
    private final long noise;
    private final int rowBytes;
    private final int rows;

    private DicomImage(byte[] head, long noise, Size size) {
        this.head = head;
        this.noise = SeededRandom.scatter(noise);
        this.rowBytes = size.columns * 2;
        this.rows = size.rows;
    }

    static DicomImage of(Place place, Encounter encounter, long noise, Size size) {
        byte[] dataSet = dataSet(place, encounter, size);
        byte[] meta = meta(place);
        var head = new ByteArrayOutputStream(132 + meta.length + dataSet.length);
        head.writeBytes(new byte[128]);
        head.writeBytes("DICM".getBytes(StandardCharsets.US_ASCII));
        head.writeBytes(meta);
        head.writeBytes(dataSet);
        return new DicomImage(head.toByteArray(), noise, size);
    }

    /** Everything up to the first pixel. */
    byte[] head() {
        return head.clone();
    }

    /** Length of the whole file. */
    long length() {
        return head.length + pixelBytes();
    }

    long pixelBytes() {
        return (long) rowBytes * rows;
    }

    /** Makes pixels from a position, which is a multiple of eight as the length is. */
    void pixels(long position, byte[] target, int from, int length) {
        long base = noise + position / 8 * SeededRandom.GAMMA;
        int end = from + length;
        for (int at = from; at < end; ) {
            long row = (position + at - from) / rowBytes;
            int rowEnd = (int) Math.min(end, from + (row + 1) * rowBytes - position);
            long brightness = (row * 0x7fff / rows) * 0x0001_0001_0001_0001L;
            for (; at < rowEnd; at += 8) {
                base += SeededRandom.GAMMA;
                LONGS.set(target, at, (SeededRandom.mix(base) & 0x7fff_7fff_7fff_7fffL) + brightness);
            }
        }
    }

    private static byte[] meta(Place place) {
        var elements = new Elements();
        elements.bytes(0x0002_0001, "OB", new byte[] {0, 1});
        elements.uid(0x0002_0002, CT_IMAGE_STORAGE);
        elements.uid(0x0002_0003, place.instance);
        elements.uid(0x0002_0010, EXPLICIT_LITTLE_ENDIAN);
        elements.uid(0x0002_0012, IMPLEMENTATION);
        elements.text(0x0002_0013, "SH", "MEDBACKUP_CORPUS");
        byte[] rest = elements.toByteArray();
        var meta = new Elements();
        meta.unsigned(0x0002_0000, rest.length);
        meta.out.writeBytes(rest);
        return meta.toByteArray();
    }

    private static byte[] dataSet(Place place, Encounter encounter, Size size) {
        var elements = new Elements();
        study(elements, place, encounter);
        patient(elements, encounter.patient());
        elements.text(0x0018_0015, "CS", "CHEST");
        elements.uid(0x0020_000d, place.study);
        elements.uid(0x0020_000e, place.series);
        elements.text(0x0020_0010, "SH", encounter.visit());
        elements.text(0x0020_0011, "IS", Integer.toString(place.seriesNumber));
        elements.text(0x0020_0013, "IS", Integer.toString(place.instanceNumber));
        elements.image(size);
        return elements.toByteArray();
    }

    private static void study(Elements elements, Place place, Encounter encounter) {
        LocalDateTime at = encounter.admitted();
        Clinician clinician = encounter.attending();
        elements.text(0x0008_0005, "CS", "ISO_IR 192");
        elements.text(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\AXIAL");
        elements.uid(0x0008_0016, CT_IMAGE_STORAGE);
        elements.uid(0x0008_0018, place.instance);
        elements.text(0x0008_0020, "DA", DAY.format(at));
        elements.text(0x0008_0030, "TM", TIME.format(at));
        elements.text(0x0008_0050, "SH", "A" + encounter.visit().substring(1));
        elements.text(0x0008_0060, "CS", "CT");
        elements.text(0x0008_0070, "LO", "SYNTHETIC");
        elements.text(0x0008_0080, "LO", "Synthetic General Hospital");
        elements.text(0x0008_0090, "PN", clinician.family() + "^" + clinician.given());
        elements.text(0x0008_1030, "LO", "Synthetic study");
    }

    private static void patient(Elements elements, Patient patient) {
        elements.text(0x0010_0010, "PN", patient.family() + "^" + patient.given());
        elements.text(0x0010_0020, "LO", patient.mrn());
        elements.text(0x0010_0030, "DA", DAY.format(patient.born()));
        elements.text(
                0x0010_0040,
                "CS",
                patient.sex() == Patient.Sex.UNKNOWN ? "O" : patient.sex().letter());
    }

    /** Where an image belongs: unique identifiers of study, series and image, and the places counted from 1. */
    record Place(String study, String series, String instance, int seriesNumber, int instanceNumber) {}

    /** Pixels; the columns are a multiple of four, so that a row is whole words. */
    record Size(int rows, int columns) {

        /** About square, and about so many bytes of pixels. */
        static Size ofBytes(long bytes) {
            int columns = (int) Math.clamp((long) Math.sqrt(bytes / 2.0) & ~63L, 64L, 32_768L);
            return new Size((int) Math.clamp(bytes / 2 / columns, 1L, 65_535L), columns);
        }

        long bytes() {
            return 2L * rows * columns;
        }
    }

    /** Data elements in explicit VR little endian (PS3.5, 7.1.2), each of even length. */
    private static final class Elements {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream(1024);

        void text(int tag, String type, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            padded(tag, type, bytes, (byte) ' ');
        }

        void uid(int tag, String value) {
            padded(tag, "UI", value.getBytes(StandardCharsets.US_ASCII), (byte) 0);
        }

        private void padded(int tag, String type, byte[] value, byte padding) {
            byte[] even = Arrays.copyOf(value, value.length + (value.length & 1));
            Arrays.fill(even, value.length, even.length, padding);
            tag(tag, type);
            little(even.length, 2);
            out.writeBytes(even);
        }

        void unsigned(int tag, int value) {
            tag(tag, "UL");
            little(4, 2);
            little(value, 4);
        }

        void bytes(int tag, String type, byte[] value) {
            longTag(tag, type, value.length);
            out.writeBytes(value);
        }

        void image(Size size) {
            small(0x0028_0002, 1);
            text(0x0028_0004, "CS", "MONOCHROME2");
            small(0x0028_0010, size.rows);
            small(0x0028_0011, size.columns);
            small(0x0028_0100, 16);
            small(0x0028_0101, 16);
            small(0x0028_0102, 15);
            small(0x0028_0103, 0);
            longTag(0x7fe0_0010, "OW", size.bytes());
        }

        private void small(int tag, int value) {
            tag(tag, "US");
            little(2, 2);
            little(value, 2);
        }

        /** OB and OW have two reserved bytes and a length of four. */
        private void longTag(int tag, String type, long length) {
            tag(tag, type);
            little(0, 2);
            little((int) length, 4);
        }

        private void tag(int tag, String type) {
            little(tag >>> 16, 2);
            little(tag, 2);
            out.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        }

        private void little(int value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                out.write(value >>> 8 * i);
            }
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }
    }
}
