package org.medbackup.policy.internal.classify;

import java.util.Set;

/** Documents of HL7 CDA, and parts of them that bear the templates of C-CDA. */
final class ClinicalXml {

    /** All templates of Consolidated CDA have numbers that begin so. */
    private static final String TEMPLATES = "2.16.840.1.113883.10.20.22";

    /** Classes of CDA that stand alone where interfaces hand on parts. */
    private static final Set<String> PARTS = Set.of(
            "act",
            "author",
            "component",
            "documentationOf",
            "encompassingEncounter",
            "encounter",
            "entry",
            "entryRelationship",
            "observation",
            "organizer",
            "participant",
            "procedure",
            "recordTarget",
            "section",
            "structuredBody",
            "substanceAdministration",
            "supply");

    private ClinicalXml() {}

    static boolean is(byte[] text, int root) {
        String name = Xml.name(text, root);
        return name.equals("ClinicalDocument")
                || PARTS.contains(name) && Head.find(text, root, text.length, TEMPLATES) >= 0;
    }
}
