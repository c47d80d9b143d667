package org.medbackup.audit.export;

import static org.medbackup.audit.export.DicomCode.APPLICATION_ACTIVITY;
import static org.medbackup.audit.export.DicomCode.AUDIT_LOG_USED;
import static org.medbackup.audit.export.DicomCode.EXPORT;
import static org.medbackup.audit.export.DicomCode.IMPORT;
import static org.medbackup.audit.export.DicomCode.PATIENT_RECORD;
import static org.medbackup.audit.export.DicomCode.SECURITY_ALERT;
import static org.medbackup.audit.export.DicomCode.USER_AUTHENTICATION;

/** What is done, as healthcare and security teams name it. */
enum Act {
    /** Data goes from a host into a repository. */
    BACKUP(EXPORT, "archive", 'R', 13, OcsfClass.DATASTORE, 5, Flow.STORED),
    /** Data comes from a repository to a host. */
    RESTORE(IMPORT, "restore", 'C', 2, OcsfClass.DATASTORE, 1, Flow.FETCHED),
    /** Content is read out of a repository by somebody. */
    EXTRACT(EXPORT, "extract", 'R', 10, OcsfClass.DATASTORE, 1, Flow.HANDED_OUT),
    /** Content of one patient is handed to somebody. */
    DISCLOSE(EXPORT, "disclose", 'R', 11, OcsfClass.DATASTORE, 1, Flow.HANDED_OUT),
    /** Restore points, or what only they used, are given up. */
    DESTROY(PATIENT_RECORD, "destroy", 'D', 15, OcsfClass.DATASTORE, 7, Flow.NONE),
    /** A repository is made. */
    CREATE(APPLICATION_ACTIVITY, "originate", 'C', 1, OcsfClass.DATASTORE, 6, Flow.NONE),
    /** Names and sizes in a repository are looked at. */
    LIST(APPLICATION_ACTIVITY, "access", 'R', 6, OcsfClass.DATASTORE, 8, Flow.NONE),
    /** What is stored is checked. */
    VERIFY(APPLICATION_ACTIVITY, "verify", 'E', 4, OcsfClass.DATASTORE, 4, Flow.NONE),
    /** Something is kept from deletion. */
    HOLD(APPLICATION_ACTIVITY, "hold", 'U', 3, OcsfClass.DATASTORE, 2, Flow.NONE),
    /** It is so no longer. */
    UNHOLD(APPLICATION_ACTIVITY, "unhold", 'U', 3, OcsfClass.DATASTORE, 2, Flow.NONE),
    /** Keys are made or wrapped anew, or taken away. */
    ENCRYPT(APPLICATION_ACTIVITY, "encrypt", 'E', 5, OcsfClass.DATASTORE, 9, Flow.NONE),
    /** Keys are brought out. */
    DECRYPT(APPLICATION_ACTIVITY, "decrypt", 'E', 5, OcsfClass.DATASTORE, 10, Flow.NONE),
    /** The audit trail is read, or a report made of it. */
    LOG_READ(AUDIT_LOG_USED, "", 'R', 9, OcsfClass.DATASTORE, 1, Flow.NONE),
    /** Something is shown to hold: a drill, a check of a rule. Its end is a finding of compliance. */
    PROVE(APPLICATION_ACTIVITY, "verify", 'E', 4, OcsfClass.COMPLIANCE, 1, Flow.NONE),
    /** The product is asked for something that it knows. */
    READ(APPLICATION_ACTIVITY, "", 'R', 6, OcsfClass.API, 2, Flow.NONE),
    /** The product is told to be otherwise. */
    CHANGE(APPLICATION_ACTIVITY, "", 'U', 3, OcsfClass.API, 3, Flow.NONE),
    /** The product does something else. What no table knows is that. */
    EXECUTE(APPLICATION_ACTIVITY, "", 'E', 6, OcsfClass.API, 99, Flow.NONE),
    /** A service begins and ends. */
    SERVE(APPLICATION_ACTIVITY, "", 'E', 6, OcsfClass.API, 99, Flow.NONE),
    /** Somebody shows who they are. */
    LOGIN(USER_AUTHENTICATION, "", 'E', 6, OcsfClass.AUTHENTICATION, 1, Flow.NONE),
    /** Somebody leaves. */
    LOGOUT(USER_AUTHENTICATION, "", 'E', 6, OcsfClass.AUTHENTICATION, 2, Flow.NONE),
    /** Something is as it must not be. */
    ALERT(SECURITY_ALERT, "", 'E', 6, OcsfClass.DETECTION, 1, Flow.NONE);

    /** From where to where data goes. */
    enum Flow {
        /** It does not, or nobody says. */
        NONE,
        /** From the host of the caller into the repository. */
        STORED,
        /** From the repository to the host of the caller. */
        FETCHED,
        /** From the host of the trail to whoever calls. */
        HANDED_OUT
    }

    private final DicomCode type;
    private final String lifecycle;
    private final char action;
    private final int stage;
    private final OcsfClass ocsf;
    private final int activity;
    private final Flow flow;

    Act(DicomCode type, String lifecycle, char action, int stage, OcsfClass ocsf, int activity, Flow flow) {
        this.type = type;
        this.lifecycle = lifecycle;
        this.action = action;
        this.stage = stage;
        this.ocsf = ocsf;
        this.activity = activity;
        this.flow = flow;
    }

    /** Type of the event. */
    DicomCode type() {
        return type;
    }

    /** Code of ISO 21089 for what happens to records; empty where it has none. */
    String lifecycle() {
        return lifecycle;
    }

    /** {@code C}, {@code R}, {@code U}, {@code D} or {@code E}. */
    char action() {
        return action;
    }

    /** What happens to the object (RFC 3881, 5.5.3). */
    int stage() {
        return stage;
    }

    OcsfClass ocsf() {
        return ocsf;
    }

    /** Its activity within the class. */
    int activity() {
        return activity;
    }

    Flow flow() {
        return flow;
    }
}
