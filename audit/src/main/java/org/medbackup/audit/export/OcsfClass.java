package org.medbackup.audit.export;

/** Classes of OCSF 1.8. */
enum OcsfClass {
    COMPLIANCE(2003, 2),
    DETECTION(2004, 2),
    AUTHENTICATION(3002, 3),
    API(6003, 6),
    DATASTORE(6005, 6);

    private final int uid;
    private final int category;

    OcsfClass(int uid, int category) {
        this.uid = uid;
        this.category = category;
    }

    int uid() {
        return uid;
    }

    int category() {
        return category;
    }

    /** Whether its events are findings. */
    boolean isFinding() {
        return category == COMPLIANCE.category;
    }
}
