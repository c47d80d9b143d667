package org.medbackup.audit.export;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.medbackup.core.error.ErrorCode;

/** In which forms entries are told to others. Each makes one line of an entry. */
public enum AuditFormat {
    /** The record itself as JSON, with its hash. */
    JSONL,
    /** A resource AuditEvent of FHIR R4 as JSON. */
    FHIR,
    /** An audit message of DICOM PS3.15, A.5, in a message of RFC 5424, as IHE ATNA sends it. */
    ATNA,
    /** Common Event Format, version 0. */
    CEF,
    /** An event of the Open Cybersecurity Schema Framework as JSON. */
    OCSF;

    /** Makes the text of an entry: one line without its end. */
    interface Writer {
        String line(Told told, ExportOrigin origin);
    }

    Writer writer() {
        return switch (this) {
            case JSONL -> new RecordLine();
            case FHIR -> new FhirAuditEvent();
            case ATNA -> new AtnaMessage();
            case CEF -> new CefLine();
            case OCSF -> new OcsfEvent();
        };
    }

    /** As it is written in a call or a configuration, such as {@code fhir}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words, in their order. */
    public static List<String> words() {
        return Arrays.stream(values()).map(AuditFormat::word).toList();
    }

    /** The format of a word; empty where there is none. */
    public static Optional<AuditFormat> find(String word) {
        return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }

    /**
     * The format of a word.
     *
     * @throws org.medbackup.core.error.UsageException where there is none
     */
    public static AuditFormat of(String word) {
        return find(word)
                .orElseThrow(() ->
                        ErrorCode.USAGE.because("the format of an export is one of " + String.join(", ", words())));
    }
}
