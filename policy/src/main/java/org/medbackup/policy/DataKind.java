package org.medbackup.policy;

/** What a file is, by its content. The words of policies and of results are the names in small letters. */
public enum DataKind {
    /** An object of DICOM, PS3.10, with or without preamble. */
    DICOM,
    /** A message or a batch of HL7 version 2. */
    HL7V2,
    /** A resource of HL7 FHIR as JSON or XML, or several as lines of JSON. */
    FHIR,
    /** A document of HL7 CDA. */
    CCDA,
    /** An interchange of ASC X12. */
    X12,
    /** A PDF document. */
    PDF,
    /** A document, sheet or presentation of an office suite. */
    OFFICE,
    /** A picture that is no DICOM. */
    IMAGE,
    /** An archive, or anything compressed. */
    ARCHIVE,
    /** A file or a dump of a database. */
    DATABASE,
    /** Any other text. */
    TEXT,
    /** Anything else, programs among it. */
    OTHER
}
