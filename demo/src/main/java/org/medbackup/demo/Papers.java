package org.medbackup.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.corpus.ClinicalDocuments;
import org.medbackup.corpus.Document;
import org.medbackup.corpus.DocumentKind;

/** The documents beside the database: HL7, FHIR, C-CDA, X12, notes and images. */
final class Papers {

    private static final int IMAGE_BYTES = 1 << 20;

    private final Path folder;
    private final ClinicalDocuments documents;

    Papers(Path folder, long seed) {
        this.folder = folder;
        this.documents = ClinicalDocuments.of(seed).withImageBytes(IMAGE_BYTES);
    }

    /** What was written. */
    record Written(int files, long bytes) {}

    /** Writes documents of the everyday mix, and images. */
    Written write(int from, int count, int imagesFrom, int images) {
        long bytes = 0;
        for (int number = from; number < from + count; number++) {
            bytes += put(documents.document(number));
        }
        for (int number = imagesFrom; number < imagesFrom + images; number++) {
            bytes += put(documents.document(DocumentKind.DICOM, number));
        }
        return new Written(count + images, bytes);
    }

    private long put(Document document) {
        Path file = folder.resolve(document.relativePath());
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, document.content());
            return document.content().length;
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("a document of the demo cannot be written", failed);
        }
    }

    /** Changes a day's worth: some documents are corrected, some removed. */
    int change(int every) {
        int changed = 0;
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                changed++;
                if (changed % every == 0) {
                    Files.write(file, documents.document(1_000_000 + changed).content());
                } else if (changed % every == 1) {
                    Files.delete(file);
                }
            }
            return 2 * (changed / every);
        } catch (IOException failed) {
            throw ErrorCode.TARGET_UNUSABLE.because("a document of the demo cannot be changed", failed);
        }
    }

    /** SHA-256 of every file below a folder, by its path. */
    static SortedMap<String, String> digests(Path folder) {
        var digests = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                digests.put(folder.relativize(file).toString(), HexFormat.of().formatHex(digest));
            }
            return digests;
        } catch (IOException failed) {
            throw ErrorCode.SOURCE_UNREADABLE.because("a document of the demo cannot be read", failed);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
