package org.medbackup.audit.export;

/** Codes of DICOM PS3.16, context group 400 and its subtypes, and roles. */
enum DicomCode {
    APPLICATION_ACTIVITY("110100", "Application Activity"),
    AUDIT_LOG_USED("110101", "Audit Log Used"),
    EXPORT("110106", "Export"),
    IMPORT("110107", "Import"),
    PATIENT_RECORD("110110", "Patient Record"),
    SECURITY_ALERT("110113", "Security Alert"),
    USER_AUTHENTICATION("110114", "User Authentication"),
    APPLICATION_START("110120", "Application Start"),
    APPLICATION_STOP("110121", "Application Stop"),
    LOGIN("110122", "Login"),
    LOGOUT("110123", "Logout"),
    APPLICATION("110150", "Application"),
    DESTINATION("110152", "Destination Role ID"),
    SOURCE("110153", "Source Role ID");

    private final String code;
    private final String meaning;

    DicomCode(String code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    String code() {
        return code;
    }

    String meaning() {
        return meaning;
    }
}
