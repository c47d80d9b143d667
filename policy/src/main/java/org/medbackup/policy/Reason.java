package org.medbackup.policy;

/** Why a file has a label. A closed list, so that what was matched can never stand in it. */
public enum Reason {
    /** DICOM objects name the patient. */
    DICOM_PATIENT("an image or report of a patient (DICOM)"),
    /** DICOM (0012,0062) Patient Identity Removed is YES. */
    DICOM_IDENTITY_REMOVED("its DICOM header says that the identity was removed"),
    /** A segment of a patient, or a message that has one further on. */
    HL7_PATIENT("a message about a patient (HL7 version 2)"),
    /** A resource of the patient compartment. */
    FHIR_PATIENT("a resource of a patient (FHIR)"),
    /** Study or subject of a study. */
    FHIR_RESEARCH("a resource of a study (FHIR)"),
    /** A resource that defines something. */
    FHIR_DEFINITION("a definition of the standard (FHIR)"),
    /** CDA documents have a record target. */
    CDA_PATIENT("a document of a patient (HL7 CDA)"),
    /** A transaction of health care, such as 837 or 835. */
    X12_HEALTH("a transaction about patients or members (X12)"),
    /** Identifiers and clinical words together. */
    IDENTIFIERS("identifiers of people beside clinical words"),
    /** By a date of birth in the structure of the file, and the time at which the file was written. */
    BORN_LATELY("the patient was under 18 when it was written"),
    /** A pattern of the site's own record numbers. */
    RECORD_NUMBERS("record numbers of this site"),
    /** Words, codes or headings of psychotherapy notes. */
    PSYCHOTHERAPY_NOTE("it says that it is a psychotherapy note"),
    /** The notice that 42 CFR 2.32 demands, or a code for it. */
    PART2_NOTICE("it bears the notice or the code of 42 CFR Part 2"),
    /** Words of a programme for substance use disorders. */
    PART2_TREATMENT("treatment of a substance use disorder in a programme for it"),
    /** Data sets of studies, such as ODM or SAS transport files. */
    STUDY_DATA("data of a study"),
    /** Databases hold what nobody can see in the first bytes. */
    OPAQUE("content into which nobody can look; treated as patient data"),
    /** It could not be read. */
    UNREADABLE("it could not be read; treated as patient data"),
    /** Encrypted by somebody. */
    ENCRYPTED("encrypted content; treated as patient data");

    private final String text;

    Reason(String text) {
        this.text = text;
    }

    /** In words, without anything of the file. */
    public String text() {
        return text;
    }
}
