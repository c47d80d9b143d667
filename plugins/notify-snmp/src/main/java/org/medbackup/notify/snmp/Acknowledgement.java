package org.medbackup.notify.snmp;

import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.snmp4j.PDU;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.OID;

/** What a receiver has answered to an INFORM. */
final class Acknowledgement {

    private Acknowledgement() {}

    /** Nothing, where it has taken it: SNMP gives it no name. */
    static String of(@Nullable ResponseEvent<?> event) {
        PDU answer = event == null ? null : event.getResponse();
        if (answer == null) {
            throw ErrorCode.NOTIFICATION_UNDELIVERED.because(
                    "no acknowledgement came; passwords that are not the receiver's look like this too");
        }
        if (answer.getType() == PDU.REPORT) {
            throw report(answer.size() == 0 ? new OID() : answer.get(0).getOid());
        }
        int status = answer.getErrorStatus();
        if (status == PDU.genErr || status == PDU.resourceUnavailable) {
            throw ErrorCode.NOTIFICATION_UNDELIVERED
                    .because("the receiver cannot take it now")
                    .with("status", status);
        }
        if (status != PDU.noError) {
            throw ErrorCode.NOTIFICATION_REFUSED
                    .because("the receiver does not take it")
                    .with("status", status);
        }
        return "";
    }

    /** RFC 3414, 5: why it was not even read. */
    private static BackupException report(OID counter) {
        if (counter.startsWith(SnmpConstants.usmStatsUnknownUserNames)) {
            return ErrorCode.NOTIFICATION_REFUSED.because("the receiver does not know user");
        }
        if (counter.startsWith(SnmpConstants.usmStatsWrongDigests)) {
            return ErrorCode.NOTIFICATION_REFUSED.because("authPassword or auth is not the receiver's");
        }
        if (counter.startsWith(SnmpConstants.usmStatsDecryptionErrors)) {
            return ErrorCode.NOTIFICATION_REFUSED.because("privPassword or priv is not the receiver's");
        }
        if (counter.startsWith(SnmpConstants.usmStatsUnsupportedSecLevels)) {
            return ErrorCode.NOTIFICATION_REFUSED.because("the receiver does not know auth and priv for user");
        }
        return ErrorCode.NOTIFICATION_UNDELIVERED.because("the receiver's engine does not agree with ours");
    }
}
