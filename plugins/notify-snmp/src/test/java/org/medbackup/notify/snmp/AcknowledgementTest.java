package org.medbackup.notify.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.medbackup.core.error.BackupException;
import org.medbackup.core.error.ErrorCode;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.event.ResponseEvent;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.UdpAddress;
import org.snmp4j.smi.VariableBinding;

/** What answers mean that no server here gives on demand. */
class AcknowledgementTest {

    private static ResponseEvent<UdpAddress> event(@Nullable PDU answer) {
        return new ResponseEvent<>(new Object(), null, new ScopedPDU(), answer, null, 0);
    }

    private static ErrorCode codeOf(@Nullable ResponseEvent<UdpAddress> event) {
        try {
            Acknowledgement.of(event);
        } catch (BackupException failed) {
            return failed.code();
        }
        throw new AssertionError("nothing failed");
    }

    private static ResponseEvent<UdpAddress> status(int status) {
        var answer = new ScopedPDU();
        answer.setType(PDU.RESPONSE);
        answer.setErrorStatus(status);
        return event(answer);
    }

    private static ResponseEvent<UdpAddress> report(OID counter) {
        var answer = new ScopedPDU();
        answer.setType(PDU.REPORT);
        answer.add(new VariableBinding(counter, new Counter32(1)));
        return event(answer);
    }

    @Test
    void onlyAResponseWithoutAnErrorIsTaken() {
        assertThat(Acknowledgement.of(status(PDU.noError))).isEmpty();
        assertThat(codeOf(null)).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        assertThat(codeOf(event(null))).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        assertThat(codeOf(status(PDU.genErr))).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        assertThat(codeOf(status(PDU.resourceUnavailable))).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        assertThat(codeOf(status(PDU.authorizationError))).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
    }

    @Test
    void aReportIsARefusalUnlessItIsOfClocksOrEngines() {
        for (OID refused : new OID[] {
            SnmpConstants.usmStatsUnknownUserNames,
            SnmpConstants.usmStatsWrongDigests,
            SnmpConstants.usmStatsDecryptionErrors,
            SnmpConstants.usmStatsUnsupportedSecLevels
        }) {
            assertThat(codeOf(report(refused))).isEqualTo(ErrorCode.NOTIFICATION_REFUSED);
        }
        assertThat(codeOf(report(SnmpConstants.usmStatsNotInTimeWindows)))
                .isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
        var empty = new ScopedPDU();
        empty.setType(PDU.REPORT);
        assertThat(codeOf(event(empty))).isEqualTo(ErrorCode.NOTIFICATION_UNDELIVERED);
    }
}
