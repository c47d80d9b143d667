package org.medbackup.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;

/**
 * The files that the project's benchmarks back up: what a small hospital has, in the proportions that make a backup hard.
 * Many small documents cost operations, images neither compress nor repeat, database pages change here and there.
 *
 * <p>At scale 1: 20,000 documents of about 70 MB under the folders of {@link ClinicalDocuments}, 60 images of 13 MB each
 * under {@code pacs}, and 76,800 database pages (629 MB) in three files under {@code database}: 1.5 GB.
 */
public final class BenchmarkCorpus {

    static final long SEED = 2025;
    static final int IMAGE_BYTES = 2560 * 2560 * 2;

    private static final int DOCUMENTS = 20_000;
    private static final int IMAGES = 60;
    private static final int RELATIONS = 3;
    private static final int PAGES_OF_A_RELATION = 25_600;
    private static final int BUFFER = 1 << 20;

    private BenchmarkCorpus() {}

    /** What was written, counted in files and bytes. */
    public record Written(
            int documents, long documentBytes, int images, long imageBytes, int relations, long pageBytes) {

        /** All bytes together. */
        public long bytes() {
            return documentBytes + imageBytes + pageBytes;
        }
    }

    /**
     * Writes the corpus, always the same bytes. At least one of each kind of thing is written, however small the scale.
     *
     * @param dir made if it does not exist; holds none of the files yet
     * @param scale 1 for the whole; counts are in proportion, sizes of files stay (but those of the database)
     */
    public static Written write(Path dir, double scale) throws IOException {
        if (!(scale > 0) || scale > 1_000) {
            throw new IllegalArgumentException("the scale must be above 0 and at most 1000");
        }
        int documents = scaled(DOCUMENTS, scale);
        int images = scaled(IMAGES, scale);
        var source = ClinicalDocuments.of(SEED).withImageBytes(IMAGE_BYTES);
        long documentBytes = documents(dir, source, documents);
        long imageBytes = images(dir, source, images);
        long pageBytes = database(dir.resolve("database"), scaled(PAGES_OF_A_RELATION, scale));
        return new Written(documents, documentBytes, images, imageBytes, RELATIONS, pageBytes);
    }

    /**
     * Writes the corpus for measurements outside the JVM.
     *
     * @param arguments the folder, and the scale
     */
    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), Double.parseDouble(arguments[1]));
    }

    private static long documents(Path dir, ClinicalDocuments source, int count) throws IOException {
        var made = new HashSet<Path>();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            Document document = source.document(i);
            Path file = dir.resolve(document.relativePath());
            if (made.add(file.getParent())) {
                Files.createDirectories(file.getParent());
            }
            Files.write(file, document.content(), StandardOpenOption.CREATE_NEW);
            bytes += document.content().length;
        }
        return bytes;
    }

    private static long images(Path dir, ClinicalDocuments source, int count) throws IOException {
        var buffer = new byte[BUFFER];
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            DicomImage image = source.dicom(i);
            Path file = dir.resolve(source.imagePath(i));
            Files.createDirectories(file.getParent());
            try (FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                image(image, channel, buffer);
            }
            bytes += image.length();
        }
        return bytes;
    }

    private static void image(DicomImage image, FileChannel channel, byte[] buffer) throws IOException {
        writeAll(channel, ByteBuffer.wrap(image.head()));
        for (long at = 0; at < image.pixelBytes(); at += BUFFER) {
            int part = (int) Math.min(BUFFER, image.pixelBytes() - at);
            image.pixels(at, buffer, 0, part);
            writeAll(channel, ByteBuffer.wrap(buffer, 0, part));
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static long database(Path dir, int pages) throws IOException {
        Path folder = Files.createDirectories(dir.resolve("base/16384"));
        for (int i = 0; i < RELATIONS; i++) {
            DatabasePages.of(SEED + i).write(folder.resolve(Integer.toString(24_576 + i)), pages);
        }
        return (long) RELATIONS * pages * DatabasePages.PAGE_BYTES;
    }

    private static int scaled(int count, double scale) {
        return (int) Math.max(1, Math.round(count * scale));
    }
}
