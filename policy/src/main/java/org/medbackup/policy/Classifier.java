package org.medbackup.policy;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.medbackup.core.spi.place.FileFacts;
import org.medbackup.policy.internal.classify.ContentClassifier;
import org.medbackup.policy.internal.classify.RecordNumbers;

/**
 * Says what a file is by its first bytes. The same bytes, written at the same time, give the same answer, always; what cannot be read or looked into
 * counts as patient data. Immutable; safe for use by several threads.
 */
public final class Classifier {

    /** Grows whenever an answer may be another one than before. */
    public static final int VERSION = 2;

    /** So many bytes of a file are enough to decide; more are not looked at. */
    public static final int HEAD = 4096;

    private final ContentClassifier content;

    private Classifier(ContentClassifier content) {
        this.content = content;
    }

    /** One that knows the formats and words of hospitals. */
    public static Classifier builtIn() {
        return new Classifier(new ContentClassifier(RecordNumbers.NONE));
    }

    /** One that knows the record numbers of a site too, as its policy writes them. */
    public static Classifier of(Policy policy) {
        return new Classifier(new ContentClassifier(RecordNumbers.of(policy.recordNumbers())));
    }

    /**
     * What a file is.
     *
     * @param facts what its directory entry says
     * @param head its first bytes, {@link #HEAD} where it has as many; empty where it cannot be read. Its position stays
     */
    public Classification classify(FileFacts facts, ByteBuffer head) {
        ByteBuffer bytes = head.duplicate();
        if (bytes.remaining() > HEAD) {
            bytes.limit(bytes.position() + HEAD);
        }
        LocalDate written = LocalDate.ofInstant(facts.modified(), ZoneOffset.UTC);
        return content.classify(facts.size(), written, bytes);
    }
}
