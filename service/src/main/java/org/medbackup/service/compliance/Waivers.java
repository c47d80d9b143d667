package org.medbackup.service.compliance;

import java.util.List;
import org.medbackup.audit.report.Section;

/** What the site has decided not to do for a while. */
final class Waivers {

    private Waivers() {}

    static Section section(Scope scope) {
        return new Section(
                "waivers",
                "Waivers and alternatives",
                List.of("A waiver changes no status: it says who answers for what is not met, and until when."),
                List.of(
                        new Section.Table(
                                "Waivers as the site states them",
                                List.of("Control", "Owner", "Reason", "Until", "At the end of the period"),
                                scope.statements().waivers().stream()
                                        .map(each -> List.of(
                                                each.control(),
                                                each.owner(),
                                                each.reason(),
                                                each.expires().toString(),
                                                Trail.holds(each.expires(), scope.end())))
                                        .toList()),
                        new Section.Table(
                                "Alternatives as the site states them",
                                List.of(
                                        "Control",
                                        "Alternative",
                                        "Reason",
                                        "Owner",
                                        "Until",
                                        "At the end of the period"),
                                scope.statements().alternatives().stream()
                                        .map(each -> List.of(
                                                each.control(),
                                                each.alternative(),
                                                each.reason(),
                                                each.owner(),
                                                each.expires().toString(),
                                                Trail.holds(each.expires(), scope.end())))
                                        .toList())));
    }
}
