package org.medbackup.audit.report;

import java.util.Collection;
import java.util.List;

/** What is known of a control. The names are those of the contract. */
public enum ControlStatus {
    /** All that is asked for was examined, and is as it should be. */
    MET,
    /** A part of it is as it should be; of the rest it is not known, or not all is right. */
    PARTIAL,
    /** Something that is asked for is not as it should be. */
    NOT_MET,
    /** There was nothing in the period of what it is about. */
    NOT_APPLICABLE,
    /** An addressable specification is not met, and the site has documented what it does instead. */
    ADDRESSABLE_ALTERNATIVE,
    /** Nothing on record tells; so it is unless something shows otherwise. */
    NOT_ASSESSED;

    /** That of a control of which backup and recovery may show a part only, by those of its measures. */
    static ControlStatus of(Collection<ControlStatus> measures, boolean part) {
        ControlStatus status = of(measures);
        return part && status == MET ? PARTIAL : status;
    }

    /** That of a control by those of the measures that it asks for. */
    static ControlStatus of(Collection<ControlStatus> measures) {
        List<ControlStatus> counted =
                measures.stream().filter(each -> each != NOT_APPLICABLE).toList();
        if (counted.isEmpty()) {
            return measures.isEmpty() ? NOT_ASSESSED : NOT_APPLICABLE;
        }
        if (counted.contains(NOT_MET)) {
            return NOT_MET;
        }
        if (counted.stream().allMatch(MET::equals)) {
            return MET;
        }
        return counted.stream().allMatch(NOT_ASSESSED::equals) ? NOT_ASSESSED : PARTIAL;
    }
}
