package org.medbackup.notify.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.PlainText;
import org.medbackup.core.spi.notify.Notification;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * A notification as variables of MEDBACKUP-MIB, in the order of its NOTIFICATION-TYPEs. Texts are so short that the whole
 * message fits into one packet of an Ethernet, since fragments of UDP are often lost.
 */
final class Bindings {

    /** medbackupMIB: 32473 is the number of RFC 5612 for those who have none of their own yet. */
    private static final OID MIB = new OID("1.3.6.1.4.1.32473.1");

    private static final int SENTENCE = 200;
    private static final int NAME = 100;
    private static final int INCIDENT = 64;

    private Bindings() {}

    /** The OID of a kind of notification. */
    static OID type(Notification.Kind kind) {
        int number = switch (kind) {
            case OPENED -> 1;
            case RAISED -> 2;
            case REMINDED -> 3;
            case ACKNOWLEDGED -> 4;
            case RESOLVED -> 5;
        };
        return new OID(MIB).append(0).append(number);
    }

    /** The variables after sysUpTime and snmpTrapOID. */
    static List<VariableBinding> of(Notification told) {
        List<VariableBinding> all = new ArrayList<>();
        add(all, 1, text(told.incident(), INCIDENT));
        add(all, 2, severity(told));
        add(all, 3, text(told.failure(), NAME));
        add(all, 4, text(told.title(), SENTENCE));
        add(all, 5, text(told.host(), NAME));
        add(all, 6, text(told.resource(), NAME));
        add(all, 7, text(String.join(",", told.members()), NAME));
        add(all, 8, moment(told.since()));
        add(all, 9, moment(told.time()));
        add(all, 10, text(told.tried(), NAME));
        add(all, 11, text(told.remedy(), SENTENCE));
        addKnown(all, 12, told.protectedUntil());
        addKnown(all, 13, told.next());
        return List.copyOf(all);
    }

    private static void add(List<VariableBinding> all, int object, Variable value) {
        all.add(new VariableBinding(new OID(MIB).append(1).append(object).append(0), value));
    }

    private static void addKnown(List<VariableBinding> all, int object, @Nullable Instant moment) {
        if (moment != null) {
            add(all, object, moment(moment));
        }
    }

    private static Integer32 severity(Notification told) {
        return new Integer32(
                switch (told.severity()) {
                    case NOTICE -> 1;
                    case WARNING -> 2;
                    case ERROR -> 3;
                    case CRITICAL -> 4;
                });
    }

    private static OctetString text(String text, int bytes) {
        return new OctetString(PlainText.oneLine(text, bytes).getBytes(UTF_8));
    }

    /** DateAndTime of SNMPv2-TC (RFC 2579), in UTC. */
    private static OctetString moment(Instant moment) {
        OffsetDateTime utc = moment.atOffset(ZoneOffset.UTC);
        return new OctetString(new byte[] {
            (byte) (utc.getYear() >> 8),
            (byte) utc.getYear(),
            (byte) utc.getMonthValue(),
            (byte) utc.getDayOfMonth(),
            (byte) utc.getHour(),
            (byte) utc.getMinute(),
            (byte) utc.getSecond(),
            (byte) (utc.getNano() / 100_000_000),
            '+',
            0,
            0
        });
    }
}
