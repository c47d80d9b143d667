package org.medbackup.audit.export;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.medbackup.audit.AuditEntry;

/** The resources as HAPI's validator for FHIR R4 sees them. It takes seconds to start, so that this class does it once. */
class FhirValidationTest {

    private static FhirContext context;
    private static DefaultProfileValidationSupport definitions;
    private static FhirValidator validator;

    @BeforeAll
    static void startValidator() throws IOException {
        context = FhirContext.forR4();
        definitions = new DefaultProfileValidationSupport(context);
        var ours = new PrePopulatedValidationSupport(context);
        try (InputStream read = FhirValidationTest.class.getResourceAsStream("disclosure-as-we-read-it.json")) {
            ours.addStructureDefinition(
                    context.newJsonParser().parseResource(StructureDefinition.class, Objects.requireNonNull(read)));
        }
        validator = context.newValidator()
                .registerValidatorModule(new FhirInstanceValidator(new ValidationSupportChain(
                        definitions,
                        ours,
                        new SnapshotGeneratingValidationSupport(context),
                        new InMemoryTerminologyServerValidationSupport(context),
                        new CommonCodeSystemsTerminologyService(context))));
    }

    private static List<String> errors(String line) {
        return validator.validateWithResult(line).getMessages().stream()
                .filter(each -> each.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
                .map(each -> each.getLocationString() + ": " + each.getMessage())
                .toList();
    }

    private static AuditEvent parsed(String line) {
        return context.newJsonParser().parseResource(AuditEvent.class, line);
    }

    @Test
    void oneOfEachKindIsAValidAuditEvent() {
        var kinds = new HashMap<String, String>();
        for (String line : Entries.lines(AuditFormat.FHIR, Entries.everyKind())) {
            AuditEvent event = parsed(line);
            kinds.putIfAbsent(
                    event.getType().getCode()
                            + codes(event.getSubtype())
                            + event.getAgent().size()
                            + event.getOutcome().toCode()
                            + event.hasPeriod(),
                    line);
        }
        assertThat(kinds.size()).isBetween(30, 120);
        assertThat(kinds.values()).allSatisfy(each -> assertThat(errors(each)).isEmpty());
    }

    private static String codes(List<Coding> codings) {
        return codings.stream().map(Coding::getCode).toList().toString();
    }

    @Test
    void hostileTextsMakeNoResourceInvalid() {
        assertThat(Entries.lines(AuditFormat.FHIR, Hostile.entries(5, 12)))
                .allSatisfy(each -> assertThat(errors(each)).isEmpty());
    }

    @Test
    void aDisclosureKeepsTheProfileOfIheAsWeReadIt() {
        List<String> lines = Entries.lines(AuditFormat.FHIR, Entries.disclosure());
        assertThat(lines).allSatisfy(each -> {
            AuditEvent event = parsed(each);
            assertThat(event.getMeta().getProfile().getFirst().getValue()).isEqualTo(FhirAuditEvent.DISCLOSURE);
            assertThat(event.getType().getCode()).isEqualTo("110106");
            assertThat(codes(event.getSubtype())).isEqualTo("[disclose]");
            assertThat(event.getPurposeOfEventFirstRep().getCodingFirstRep().getCode())
                    .isIn("HLEGAL", "HOPERAT");
            assertThat(errors(each)).isEmpty();
        });
        assertThat(errors(lines.getFirst().replace("\"110153\"", "\"110151\"")))
                .as("without the source")
                .isNotEmpty();
        assertThat(errors(lines.getFirst().replace("\"disclose\"", "\"extract\"")))
                .isNotEmpty();
        AuditEvent elsewhere = parsed(lines.getFirst());
        elsewhere.getSource().getObserver().setDisplay("another host");
        assertThat(errors(context.newJsonParser().encodeResourceToString(elsewhere)))
                .as("told by somebody else than the source")
                .isNotEmpty();
    }

    @Test
    void whatIsNotOfOnePatientClaimsNoProfile() {
        assertThat(Entries.lines(AuditFormat.FHIR, Entries.operation("dump", "SUCCESS", null)))
                .allSatisfy(
                        each -> assertThat(parsed(each).getMeta().getProfile()).isEmpty());
    }

    @Test
    void codesAreShownAsTheirSystemsShowThem() {
        Set<String> unknown = new TreeSet<>();
        var checked = new TreeSet<String>();
        for (String line : Entries.lines(AuditFormat.FHIR, Entries.everyKind())) {
            codings(parsed(line)).filter(Coding::hasDisplay).forEach(each -> {
                if (definitions.fetchCodeSystem(each.getSystem()) instanceof CodeSystem system && system.hasConcept()) {
                    assertThat(display(system, each.getCode())).isEqualTo(each.getDisplay());
                    checked.add(each.getSystem());
                } else {
                    unknown.add(each.getSystem());
                }
            });
        }
        assertThat(checked).hasSize(7).contains("http://dicom.nema.org/resources/ontology/DCM");
        assertThat(unknown).isEmpty();
    }

    private static Stream<Coding> codings(AuditEvent event) {
        List<Coding> all = new ArrayList<>(event.getSubtype());
        event.getAgent().forEach(each -> all.addAll(each.getType().getCoding()));
        event.getEntity().forEach(each -> all.addAll(List.of(each.getType(), each.getRole(), each.getLifecycle())));
        all.addAll(event.getSource().getType());
        return all.stream();
    }

    private static String display(CodeSystem system, String code) {
        return system.getConcept().stream()
                .filter(each -> each.getCode().equals(code))
                .findFirst()
                .orElseThrow()
                .getDisplay();
    }

    @Test
    void purposesAreCodesOfHl7() {
        CodeSystem reasons = (CodeSystem) Objects.requireNonNull(
                definitions.fetchCodeSystem("http://terminology.hl7.org/CodeSystem/v3-ActReason"));
        Map<String, String> known = new HashMap<>();
        reasons.getConcept().forEach(each -> collect(each, known));
        assertThat(known.keySet()).containsAll(PurposeOfUse.KNOWN);
        List<AuditEntry> other = List.of(Entries.entry(
                1,
                "a",
                "started",
                "restore",
                new org.medbackup.core.event.Actor("a", "b", null, "because"),
                null,
                null,
                Map.of(),
                Map.of()));
        String line = Entries.lines(AuditFormat.FHIR, other).getFirst();
        assertThat(parsed(line).getPurposeOfEventFirstRep().getText()).isEqualTo("because");
        assertThat(errors(line)).isEmpty();
    }

    private static void collect(CodeSystem.ConceptDefinitionComponent concept, Map<String, String> into) {
        into.put(concept.getCode(), concept.getDisplay());
        concept.getConcept().forEach(each -> collect(each, into));
    }
}
