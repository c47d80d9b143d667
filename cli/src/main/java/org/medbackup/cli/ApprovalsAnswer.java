package org.medbackup.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.medbackup.access.ApprovalRequest;
import org.medbackup.service.AccessOperations.Requested;

/** Says how far requests are. */
final class ApprovalsAnswer {

    private ApprovalsAnswer() {}

    static Answer list(List<Requested> all) {
        var answer = new Answer()
                .field("approvals", all.stream().map(ApprovalsAnswer::members).toList());
        if (all.isEmpty()) {
            answer.line("nothing was requested");
        }
        all.forEach(each -> answer.line(line(each)));
        return answer;
    }

    static Answer one(Requested requested) {
        return list(List.of(requested));
    }

    private static String line(Requested each) {
        ApprovalRequest request = each.approval().request();
        return request.id() + "  " + each.state() + "  " + request.operation() + " " + request.parameters() + ", by "
                + request.requester() + ": " + request.reason() + "; signed by "
                + each.approvers().size() + " of "
                + each.quorum() + (each.approvers().isEmpty() ? "" : " (" + String.join(", ", each.approvers()) + ")")
                + "; from " + request.notBefore() + " until " + request.expires();
    }

    private static Map<String, Object> members(Requested each) {
        ApprovalRequest request = each.approval().request();
        var members = new LinkedHashMap<String, Object>();
        members.put("id", request.id());
        members.put("operation", request.operation());
        members.put("parameters", request.parameters());
        members.put("requester", request.requester());
        members.put("reason", request.reason());
        members.put("state", each.state());
        members.put("quorum", each.quorum());
        members.put("signatures", each.approvers());
        members.put("notBefore", request.notBefore().toString());
        members.put("expires", request.expires().toString());
        members.put("text", request.text());
        return members;
    }
}
