package org.medbackup.corpus;

/** What a hospital's file systems hold, as a classifier of data has to tell it apart. */
public enum DocumentKind {
    /** HL7 v2.5.1, admission: {@code ADT^A01^ADT_A01}. */
    HL7_ADT("interface/adt", "hl7", 22),
    /** HL7 v2.5.1, results: {@code ORU^R01^ORU_R01}. */
    HL7_ORU("interface/oru", "hl7", 30),
    /** FHIR R4, one patient in JSON. */
    FHIR_PATIENT("fhir/patient", "json", 4),
    /** FHIR R4, one observation in JSON. */
    FHIR_OBSERVATION("fhir/observation", "json", 6),
    /** FHIR R4, a collection of a patient and what was observed, in JSON. */
    FHIR_BUNDLE("fhir/bundle", "json", 8),
    /** FHIR R4, bulk export: one observation in JSON on each line. */
    FHIR_NDJSON("fhir/export", "ndjson", 3),
    /** C-CDA R2.1, Continuity of Care Document. */
    CCDA("documents/ccd", "xml", 7),
    /** X12 005010X222A1, professional claims. */
    X12_837("billing/837", "x12", 4),
    /** X12 005010X221A1, payment advice. */
    X12_835("billing/835", "x12", 3),
    /** PDF 1.4, a report of one page, not compressed. */
    PDF("documents/reports", "pdf", 4),
    /** A progress note in plain text, UTF-8. */
    NOTE("documents/notes", "txt", 7),
    /** Notes of psychotherapy, kept apart from the chart (45 CFR 164.501). */
    PSYCHOTHERAPY_NOTE("documents/psychotherapy", "txt", 1),
    /** A note of a programme for substance use disorders, with the notice of 42 CFR 2.32. */
    SUBSTANCE_USE_NOTE("documents/recovery-program", "txt", 1),
    /** DICOM Part 10, one image, explicit VR little endian. */
    DICOM("pacs", "dcm", 0);

    private final String folder;
    private final String extension;
    private final int share;

    DocumentKind(String folder, String extension, int share) {
        this.folder = folder;
        this.extension = extension;
        this.share = share;
    }

    String folder() {
        return folder;
    }

    String extension() {
        return extension;
    }

    /** Of a hundred documents of the everyday mix. */
    int share() {
        return share;
    }
}
