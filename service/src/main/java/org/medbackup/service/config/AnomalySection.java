package org.medbackup.service.config;

import java.util.ArrayList;
import java.util.List;
import org.medbackup.documents.JsonValue.Members;
import org.medbackup.documents.Yaml;
import org.medbackup.service.config.Finding.Severity;

/** How backups are looked at for signs of ransomware. */
final class AnomalySection {

    private static final String AT = "/anomaly";

    private AnomalySection() {}

    static AnomalyEntry bind(DocumentValues values, Members root) {
        Members section = DocumentValues.members(root, "anomaly");
        // Who writes nothing of it is told of nothing.
        boolean detects = section.values().isEmpty()
                || values.or(values.text(section, AT, "detection"), AT + "/detection", "on", text -> text.equals("on"));
        return new AnomalyEntry(detects, values.texts(section, AT, "canaries"), values.texts(section, AT, "encrypted"));
    }

    /** Canaries that nobody looks at. */
    static List<Finding> check(Yaml yaml, AnomalyEntry entry) {
        List<Finding> findings = new ArrayList<>();
        if (!entry.detects() && !entry.canaries().isEmpty()) {
            String at = AT + "/detection";
            findings.add(new Finding(
                    Severity.WARNING,
                    yaml.at(at).line(),
                    Keys.dotted(at),
                    "nobody looks at the canaries: detection is off",
                    "Switch it on, or take the canaries out."));
        }
        return findings;
    }
}
