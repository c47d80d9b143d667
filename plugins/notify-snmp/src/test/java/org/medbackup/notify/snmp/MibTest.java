package org.medbackup.notify.snmp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.medbackup.core.process.Command;
import org.medbackup.core.process.Completed;
import org.medbackup.core.process.Processes;
import org.medbackup.core.spi.notify.Notification;
import org.medbackup.core.spi.notify.Notification.Kind;
import org.medbackup.core.spi.notify.Severity;
import org.medbackup.testkit.LocalServer;
import org.snmp4j.smi.VariableBinding;

/** The MIB that receivers load, read by Net-SNMP, and what is sent by it. */
class MibTest {

    private static final Instant NOW = Instant.parse("2026-11-26T02:10:00.9Z");

    private static Completed translate(String... words) {
        String root = System.getProperty("medbackup.root");
        // The modules that it imports are not in every distribution: what it needs of them lies beside this test.
        String folders = root + "/plugins/notify-snmp/src/test/mibs:" + root + "/docs/mib";
        var command = new ArrayList<>(
                List.of(LocalServer.program("snmptranslate").toString(), "-M", folders, "-m", "MEDBACKUP-MIB"));
        command.addAll(List.of(words));
        return Processes.system().run(Command.of(command).with("SNMPCONFPATH", "/nonexistent"));
    }

    private static Notification told(Kind kind, String text) {
        return new Notification(
                text, kind, Severity.ERROR, text, text, text, text, List.of(text), NOW, NOW, NOW, text, NOW, text);
    }

    @Test
    void everyObjectThatIsSentIsInIt() {
        Set<String> names = Bindings.of(told(Kind.OPENED, "x")).stream()
                .map(binding -> translate("." + binding.getOid().toDottedString()))
                .map(translated -> {
                    assertThat(translated.errors()).isEmpty();
                    return translated.output().strip();
                })
                .collect(Collectors.toSet());
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "MEDBACKUP-MIB::medbackupIncident.0",
                        "MEDBACKUP-MIB::medbackupSeverity.0",
                        "MEDBACKUP-MIB::medbackupFailure.0",
                        "MEDBACKUP-MIB::medbackupTitle.0",
                        "MEDBACKUP-MIB::medbackupHost.0",
                        "MEDBACKUP-MIB::medbackupResource.0",
                        "MEDBACKUP-MIB::medbackupMembers.0",
                        "MEDBACKUP-MIB::medbackupSince.0",
                        "MEDBACKUP-MIB::medbackupTime.0",
                        "MEDBACKUP-MIB::medbackupTried.0",
                        "MEDBACKUP-MIB::medbackupRemedy.0",
                        "MEDBACKUP-MIB::medbackupProtectedUntil.0",
                        "MEDBACKUP-MIB::medbackupNextTry.0");
    }

    @Test
    void everyKindIsANotificationOfIt() {
        assertThat(List.of(Kind.values()))
                .extracting(kind -> translate("." + Bindings.type(kind).toDottedString())
                        .output()
                        .strip())
                .containsExactly(
                        "MEDBACKUP-MIB::medbackupIncidentOpened",
                        "MEDBACKUP-MIB::medbackupIncidentRaised",
                        "MEDBACKUP-MIB::medbackupIncidentReminded",
                        "MEDBACKUP-MIB::medbackupIncidentAcknowledged",
                        "MEDBACKUP-MIB::medbackupIncidentResolved");
    }

    @Test
    void theLongestFitsIntoOnePacket() {
        int bytes = Bindings.of(told(Kind.ACKNOWLEDGED, "ä".repeat(5000))).stream()
                .mapToInt(VariableBinding::getBERLength)
                .sum();
        // 1500 of an Ethernet, less IPv6, UDP, and what SNMPv3 has around.
        assertThat(bytes).isLessThan(1500 - 40 - 8 - 200);
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        var bare = new Notification(
                "i", Kind.OPENED, Severity.NOTICE, "f", "t", "h", "r", List.of(), NOW, NOW, null, "", null, "");
        assertThat(Bindings.of(bare)).hasSize(11);
    }
}
