package org.medbackup.audit.export;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What several formats say in the same words. */
final class Words {

    private Words() {}

    /** A text, or another where it is empty. */
    static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    /** How HL7 shows the code of ISO 21089 of an act that has one. */
    static String lifecycle(Act act) {
        String code = act.lifecycle();
        String name = switch (act) {
            case LIST -> "Access/View";
            case CREATE -> "Originate/Retain";
            case DESTROY -> "Destroy/Delete";
            case HOLD -> "Add Legal Hold";
            case UNHOLD -> "Remove Legal Hold";
            default -> code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1);
        };
        return name + " Record Lifecycle Event";
    }

    /** What happens to the object, as FHIR codes it. */
    static Map<String, Object> stage(Act act) {
        String name = switch (act.stage()) {
            case 1 -> "Origination / Creation";
            case 2 -> "Import / Copy";
            case 3 -> "Amendment";
            case 4 -> "Verification";
            case 5 -> "Translation";
            case 6 -> "Access / Use";
            case 9 -> "Report";
            case 10 -> "Export";
            case 11 -> "Disclosure";
            case 13 -> "Archiving";
            default -> "Permanent erasure / Physical destruction";
        };
        return FhirAuditEvent.coding("dicom-audit-lifecycle", Integer.toString(act.stage()), name);
    }

    /** What else is known, each under its name; neither is ever empty. */
    static Map<String, String> details(Told told) {
        var details = new LinkedHashMap<String, String>();
        details.put("seq", Long.toString(told.entry().index()));
        details.put("leaf", told.leaf());
        details.put("event", told.event());
        details.put("phase", told.phase());
        details.put("outcome", told.outcome());
        details.put("code", told.code());
        details.put("authn", told.authentication());
        told.facts().forEach((name, value) -> details.putIfAbsent("fact." + name, value));
        details.values().removeIf(String::isEmpty);
        return details;
    }
}
