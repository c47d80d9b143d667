package org.medbackup.corpus;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.medbackup.corpus.Encounter.Observation;

/**
 * A Continuity of Care Document (HL7 CDA R2, C-CDA R2.1 of 2015-08): the header of the US realm, four sections with their
 * text, and coded entries for the vital signs. It carries the template ids; it is not meant to pass every rule of them.
 */
final class ClinicalSummary {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'+0000'", Locale.ROOT);

    private static final String DOCUMENT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
              <realmCode code="US"/>
              <typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
              <templateId root="2.16.840.1.113883.10.20.22.1.1" extension="2015-08-01"/>
              <templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>
              <id root="2.16.840.1.113883.19.5.99999.1" extension="{visit}"/>
              <code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="Summarization of Episode Note"/>
              <title>Synthetic continuity of care document</title>
              <effectiveTime value="{time}"/>
              <confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
              <languageCode code="en-US"/>
            {person}  <author>
                <time value="{time}"/>
                <assignedAuthor>
                  <id root="2.16.840.1.113883.4.6" extension="{npi}"/>
                  <assignedPerson><name><given>{doctorGiven}</given><family>{doctorFamily}</family></name></assignedPerson>
                </assignedAuthor>
              </author>
              <custodian>
                <assignedCustodian>
                  <representedCustodianOrganization>
                    <id root="2.16.840.1.113883.19.5"/>
                    <name>Synthetic General Hospital</name>
                  </representedCustodianOrganization>
                </assignedCustodian>
              </custodian>
              <component>
                <structuredBody>
            {sections}    </structuredBody>
              </component>
            </ClinicalDocument>
            """;

    private static final String PERSON = """
              <recordTarget>
                <patientRole>
                  <id root="2.16.840.1.113883.19.5" extension="{mrn}"/>
                  <id root="2.16.840.1.113883.4.1" extension="{ssn}"/>
                  <addr use="HP">
                    <streetAddressLine>{street}</streetAddressLine>
                    <city>{town}</city>
                    <state>{state}</state>
                    <postalCode>{zip}</postalCode>
                    <country>US</country>
                  </addr>
                  <telecom value="tel:+1-{phone}" use="HP"/>
                  <patient>
                    <name use="L"><given>{given}</given><family>{family}</family></name>
                    <administrativeGenderCode code="{sex}" codeSystem="2.16.840.1.113883.5.1"/>
                    <birthTime value="{born}"/>
                  </patient>
                </patientRole>
              </recordTarget>
            """;

    private static final String SECTION = """
                  <component>
                    <section{null}>
                      <templateId root="{template}" extension="2015-08-01"/>
                      <code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>
                      <title>{title}</title>
                      <text>{text}</text>
            {entries}        </section>
                  </component>
            """;

    private static final String ENTRY = """
                      <entry>
                        <observation classCode="OBS" moodCode="EVN">
                          <templateId root="2.16.840.1.113883.10.20.22.4.27" extension="2014-06-09"/>
                          <code code="{code}" codeSystem="2.16.840.1.113883.6.1" displayName="{name}"/>
                          <statusCode code="completed"/>
                          <effectiveTime value="{time}"/>
                          <value xsi:type="PQ" value="{value}" unit="{unit}"/>
                        </observation>
                      </entry>
            """;

    private ClinicalSummary() {}

    static byte[] of(SeededRandom random, Encounter encounter) {
        return Template.of(DOCUMENT)
                .with("visit", encounter.visit())
                .with("time", TIME.format(encounter.discharged()))
                .with("npi", encounter.attending().npi())
                .with("doctorGiven", escaped(encounter.attending().given()))
                .with("doctorFamily", escaped(encounter.attending().family()))
                .with("person", person(encounter.patient()))
                .with("sections", sections(random, encounter))
                .text()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String person(Patient patient) {
        Patient.Address home = patient.address();
        return Template.of(PERSON)
                .with("mrn", patient.mrn())
                .with("ssn", patient.ssn())
                .with("street", home.street())
                .with("town", home.town())
                .with("state", home.state())
                .with("zip", home.zip())
                .with("phone", patient.phone())
                .with("given", escaped(patient.given()))
                .with("family", escaped(patient.family()))
                .with(
                        "sex",
                        patient.sex() == Patient.Sex.UNKNOWN
                                ? "UN"
                                : patient.sex().letter())
                .with("born", patient.born().toString().replace("-", ""))
                .text();
    }

    private static String sections(SeededRandom random, Encounter encounter) {
        List<Observation> vital = encounter.observations().stream()
                .filter(seen -> ClinicalCodes.VITAL_SIGNS.contains(seen.test()))
                .limit(5)
                .toList();
        String entries =
                vital.stream().map(seen -> entry(seen, encounter.admitted())).collect(Collectors.joining());
        String diagnosis =
                encounter.diagnosis().code() + " " + encounter.diagnosis().name();
        String story = random.pick(Words.SENTENCES) + " " + random.pick(Words.SENTENCES);
        return section("2.6.1", "48765-2", "Allergies", "Penicillin: rash", "")
                + section("2.1.1", "10160-0", "Medications", random.pick("Metformin 500 mg", "Lisinopril 10 mg"), "")
                + section("2.5.1", "11450-4", "Problems", diagnosis + ". " + story, "")
                + section("2.4.1", "8716-3", "Vital signs", "See entries", entries);
    }

    private static String section(String template, String code, String title, String text, String entries) {
        return Template.of(SECTION)
                // Sections with required entries may leave them out only when they say so.
                .with("null", entries.isEmpty() ? " nullFlavor=\"NI\"" : "")
                .with("template", "2.16.840.1.113883.10.20.22." + template)
                .with("code", code)
                .with("title", title)
                .with("text", escaped(text))
                .with("entries", entries)
                .text();
    }

    private static String entry(Observation seen, LocalDateTime at) {
        return Template.of(ENTRY)
                .with("code", seen.test().loinc())
                .with("name", seen.test().name())
                .with("time", TIME.format(at))
                .with("value", seen.value().toPlainString())
                .with("unit", seen.test().unit())
                .text();
    }

    /** A text with {@code {names}} in it, to be replaced. */
    private record Template(String text) {

        static Template of(String text) {
            return new Template(text);
        }

        Template with(String name, String value) {
            return new Template(text.replace("{" + name + "}", value));
        }
    }

    static String escaped(String value) {
        return value.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
