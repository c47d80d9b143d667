package org.medbackup.policy.internal.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Resources of HL7 FHIR, by the names of their types (R4 and R5, "Resource Index"). */
final class FhirText {

    /** Types that define something or describe the house; no patient is in them. */
    private static final Set<String> DEFINITIONS = Set.of(
            "ActivityDefinition",
            "CapabilityStatement",
            "ChargeItemDefinition",
            "CodeSystem",
            "CompartmentDefinition",
            "ConceptMap",
            "ConditionDefinition",
            "EffectEvidenceSynthesis",
            "EventDefinition",
            "Evidence",
            "EvidenceVariable",
            "ExampleScenario",
            "GraphDefinition",
            "ImplementationGuide",
            "Library",
            "Measure",
            "MessageDefinition",
            "NamingSystem",
            "ObservationDefinition",
            "OperationDefinition",
            "PlanDefinition",
            "Questionnaire",
            "RiskEvidenceSynthesis",
            "SearchParameter",
            "SpecimenDefinition",
            "StructureDefinition",
            "StructureMap",
            "TerminologyCapabilities",
            "TestScript",
            "ValueSet",
            "ArtifactAssessment",
            "Citation",
            "EvidenceReport",
            "Requirements",
            "SubscriptionTopic",
            "TestPlan",
            "ActorDefinition",
            "Conformance",
            "DataElement",
            "ExpansionProfile",
            "ServiceDefinition");

    /** Types of the house: people who work there, places, products. */
    private static final Set<String> HOUSE = Set.of(
            "CatalogEntry",
            "Device",
            "DeviceDefinition",
            "DeviceMetric",
            "Endpoint",
            "HealthcareService",
            "Ingredient",
            "InsurancePlan",
            "InventoryItem",
            "InventoryReport",
            "Location",
            "ManufacturedItemDefinition",
            "Medication",
            "MedicationKnowledge",
            "MedicinalProduct",
            "MedicinalProductDefinition",
            "OperationOutcome",
            "Organization",
            "OrganizationAffiliation",
            "PackagedProductDefinition",
            "Practitioner",
            "PractitionerRole",
            "RegulatedAuthorization",
            "Schedule",
            "Slot",
            "Subscription",
            "SubscriptionStatus",
            "Substance",
            "SubstanceDefinition",
            "TestReport",
            "VerificationResult",
            "AdministrableProductDefinition",
            "FormularyItem",
            "ClinicalUseDefinition",
            "NutritionProduct",
            "Transport");

    private static final Set<String> RESEARCH =
            Set.of("ResearchStudy", "ResearchSubject", "ResearchDefinition", "ResearchElementDefinition");

    /** Types of the patient compartment, and those that may hold anything. */
    private static final Set<String> PATIENT = Set.of(
            "Account",
            "AdverseEvent",
            "AllergyIntolerance",
            "Appointment",
            "AppointmentResponse",
            "AuditEvent",
            "Basic",
            "Binary",
            "BiologicallyDerivedProduct",
            "BodyStructure",
            "Bundle",
            "CarePlan",
            "CareTeam",
            "ChargeItem",
            "Claim",
            "ClaimResponse",
            "ClinicalImpression",
            "Communication",
            "CommunicationRequest",
            "Composition",
            "Condition",
            "Consent",
            "Contract",
            "Coverage",
            "CoverageEligibilityRequest",
            "CoverageEligibilityResponse",
            "DetectedIssue",
            "DeviceAssociation",
            "DeviceDispense",
            "DeviceRequest",
            "DeviceUsage",
            "DeviceUseStatement",
            "DiagnosticReport",
            "DocumentManifest",
            "DocumentReference",
            "Encounter",
            "EncounterHistory",
            "EnrollmentRequest",
            "EnrollmentResponse",
            "EpisodeOfCare",
            "ExplanationOfBenefit",
            "FamilyMemberHistory",
            "Flag",
            "GenomicStudy",
            "Goal",
            "Group",
            "GuidanceResponse",
            "ImagingSelection",
            "ImagingStudy",
            "Immunization",
            "ImmunizationEvaluation",
            "ImmunizationRecommendation",
            "Invoice",
            "Linkage",
            "List",
            "MeasureReport",
            "Media",
            "MedicationAdministration",
            "MedicationDispense",
            "MedicationRequest",
            "MedicationStatement",
            "MedicationUsage",
            "MessageHeader",
            "MolecularSequence",
            "NutritionIntake",
            "NutritionOrder",
            "Observation",
            "Parameters",
            "Patient",
            "PaymentNotice",
            "PaymentReconciliation",
            "Permission",
            "Person",
            "Procedure",
            "Provenance",
            "QuestionnaireResponse",
            "RelatedPerson",
            "RequestGroup",
            "RequestOrchestration",
            "RiskAssessment",
            "ServiceRequest",
            "Specimen",
            "SupplyDelivery",
            "SupplyRequest",
            "Task",
            "VisionPrescription",
            // Names of earlier releases, DSTU 2 and STU 3.
            "BodySite",
            "DeviceUseRequest",
            "DiagnosticOrder",
            "DiagnosticRequest",
            "EligibilityRequest",
            "EligibilityResponse",
            "ImagingManifest",
            "ImagingObjectSelection",
            "MedicationOrder",
            "NutritionRequest",
            "Order",
            "OrderResponse",
            "ProcedureRequest",
            "ProcessRequest",
            "ProcessResponse",
            "ReferralRequest",
            "Sequence");

    private static final String KEY = "\"resourceType\"";
    private static final String NAMESPACE = "\"http://hl7.org/fhir\"";
    private static final int LONGEST_NAME = 40;

    private FhirText() {}

    /** What a file of FHIR is about. */
    enum Subject {
        PATIENT,
        RESEARCH,
        DEFINITION,
        HOUSE
    }

    /** Of a text in JSON; null where it is no FHIR. */
    static @org.jspecify.annotations.Nullable Subject json(byte[] text) {
        int first = 0;
        while (first < text.length && text[first] <= ' ' && text[first] >= 0) {
            first++;
        }
        if (first == text.length || text[first] != '{' && text[first] != '[') {
            return null;
        }
        List<String> types = new ArrayList<>();
        int at = Head.find(text, first, text.length, KEY);
        while (at >= 0) {
            String type = value(text, at + KEY.length());
            if (isKnown(type)) {
                types.add(type);
            } else if (types.isEmpty()) {
                return null;
            }
            at = Head.find(text, at + KEY.length(), text.length, KEY);
        }
        if (types.isEmpty()) {
            return isUntyped(text) ? Subject.PATIENT : null;
        }
        return subject(types);
    }

    /** The members of an object have no order, so that its type may come after more than is seen of it. */
    private static boolean isUntyped(byte[] text) {
        return Head.find(text, 0, text.length, "http://hl7.org/fhir/") >= 0
                && (Head.find(text, 0, text.length, "\"fullUrl\"") >= 0
                        || Head.find(text, 0, text.length, "\"profile\"") >= 0
                        || Head.find(text, 0, text.length, "\"extension\"") >= 0);
    }

    /** Of a text in XML; null where it is no FHIR. */
    static @org.jspecify.annotations.Nullable Subject xml(byte[] text) {
        int root = Xml.root(text);
        if (root < 0) {
            return null;
        }
        String name = Xml.name(text, root);
        int end = Head.find(text, root, text.length, ">");
        boolean ours = Head.find(text, root, end < 0 ? text.length : end, NAMESPACE) >= 0
                || Head.find(text, root, end < 0 ? text.length : end, NAMESPACE.replace('"', '\'')) >= 0;
        if (!ours || !isKnown(name)) {
            return null;
        }
        List<String> types = new ArrayList<>(List.of(name));
        if (name.equals("Bundle")) {
            int at = Head.find(text, root, text.length, "<resource>");
            while (at >= 0) {
                int inner = Head.find(text, at + 1, text.length, "<");
                if (inner >= 0 && isKnown(Xml.name(text, inner))) {
                    types.add(Xml.name(text, inner));
                }
                at = Head.find(text, at + 1, text.length, "<resource>");
            }
        }
        return subject(types);
    }

    /** Of an envelope the contents decide, where any can be seen. */
    private static Subject subject(List<String> types) {
        List<String> decisive = types.size() > 1 && types.getFirst().equals("Bundle")
                ? types.subList(1, types.size())
                : types.subList(0, 1);
        if (decisive.stream().anyMatch(PATIENT::contains)) {
            return Subject.PATIENT;
        }
        if (decisive.stream().anyMatch(RESEARCH::contains)) {
            return Subject.RESEARCH;
        }
        return decisive.stream().allMatch(DEFINITIONS::contains) ? Subject.DEFINITION : Subject.HOUSE;
    }

    private static boolean isKnown(String type) {
        return PATIENT.contains(type) || DEFINITIONS.contains(type) || HOUSE.contains(type) || RESEARCH.contains(type);
    }

    /** The text after a colon. */
    private static String value(byte[] text, int from) {
        int at = from;
        while (at < text.length && (text[at] <= ' ' || text[at] == ':')) {
            at++;
        }
        if (at >= text.length || text[at] != '"') {
            return "";
        }
        int end = at + 1;
        while (end < text.length && end - at <= LONGEST_NAME && text[end] != '"') {
            end++;
        }
        return end < text.length && text[end] == '"'
                ? new String(text, at + 1, end - at - 1, StandardCharsets.US_ASCII)
                : "";
    }
}
