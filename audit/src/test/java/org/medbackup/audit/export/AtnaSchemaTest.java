package org.medbackup.audit.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.AuditEntry;
import org.xml.sax.SAXException;

/** Audit messages against what DICOM PS3.15, A.5.1 asks of them, as we read it. */
class AtnaSchemaTest {

    private static void validate(String message) throws SAXException, IOException {
        Schema schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(Objects.requireNonNull(AtnaSchemaTest.class.getResource("audit-message.xsd")));
        schema.newValidator().validate(new StreamSource(new StringReader(message)));
    }

    private static String message(String line) {
        return line.substring(line.indexOf('\ufeff') + 1);
    }

    @Test
    void everyKindOfEntryIsAMessageOfTheStandard() throws Exception {
        for (String line : Entries.lines(AuditFormat.ATNA, Entries.everyKind())) {
            validate(message(line));
        }
    }

    @Test
    void soIsWhatTriesToBeNone() throws Exception {
        for (AuditEntry each : Hostile.entries(11, 300)) {
            validate(message(Entries.lines(AuditFormat.ATNA, List.of(each)).getFirst()));
        }
    }

    @Test
    void whatTheStandardDoesNotHaveIsFound() {
        String good = message(Entries.lines(AuditFormat.ATNA, List.of(Entries.started("backup")))
                .getFirst());
        assertThat(good).contains("EventOutcomeIndicator=\"0\"");
        assertThatThrownBy(() -> validate(good.replace("EventOutcomeIndicator=\"0\"", "EventOutcomeIndicator=\"1\"")))
                .isInstanceOf(SAXException.class);
        assertThatThrownBy(() -> validate(good.replaceAll("<ActiveParticipant.*</ActiveParticipant>", "")))
                .isInstanceOf(SAXException.class);
    }

    @Test
    void theMessageIsAsTheTransactionSendsIt() {
        String line = Entries.lines(AuditFormat.ATNA, List.of(Entries.started("backup")))
                .getFirst();
        assertThat(line)
                .startsWith("<85>1 2026-01-01T12:00:07.123Z backup01.clinic.example medbackup - IHE+RFC-3881 "
                        + "[meta sequenceId=\"8\"] \ufeff<AuditMessage><EventIdentification ");
    }
}
