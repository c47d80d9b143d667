package org.medbackup.audit.export;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Why data is used, by the codes of HL7's value set v3-PurposeOfUse. */
final class PurposeOfUse {

    static final Set<String> KNOWN = Set.of(
            "BTG",
            "CAREMGT",
            "CLINTRCH",
            "COVERAGE",
            "DISASTER",
            "DONAT",
            "ETREAT",
            "FAMRQT",
            "FRAUD",
            "GOV",
            "HACCRED",
            "HCOMPL",
            "HDECD",
            "HDIRECT",
            "HDM",
            "HLEGAL",
            "HMARKT",
            "HOPERAT",
            "HOUTCOMS",
            "HPAYMT",
            "HPRGRP",
            "HQUALIMP",
            "HRESCH",
            "HSYSADMIN",
            "HTEST",
            "LABELING",
            "METAMGT",
            "PATADMIN",
            "PATRQT",
            "PATSFTY",
            "PERFMSR",
            "PUBHLTH",
            "PWATRNY",
            "RECORDMGT",
            "SUPNWK",
            "SYSDEV",
            "THREAT",
            "TRAIN",
            "TREAT");

    private PurposeOfUse() {}

    /** As a CodeableConcept of FHIR: the code where it is one, the words otherwise. */
    static Map<String, Object> concept(String purpose) {
        return KNOWN.contains(purpose)
                ? Map.of(
                        "coding",
                        List.of(Map.of(
                                "system", "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code", purpose)))
                : Map.of("text", purpose);
    }
}
