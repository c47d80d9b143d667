package org.medbackup.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.medbackup.access.Approval;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Approves a request. */
@Command(
        name = "approve",
        description =
                "Signs a request with an approver's key (--key-file KEY), or takes a signature that was made elsewhere.")
final class ApprovalApproveCommand extends ProductCommand {

    @Parameters(paramLabel = "ID", description = "Of the request, or its beginning.")
    String id = "";

    @Option(
            names = "--signature",
            paramLabel = "BASE64",
            description = "Of Ed25519 over `mb/approval/v1`, a line feed, the request's text and a line feed.")
    @Nullable
    String signature;

    @Option(names = "--signed-by", paramLabel = "KEY-ID", description = "Whose signature it is: the id of the key.")
    @Nullable
    String signedBy;

    @Override
    Answer answer(MedBackup product) {
        Path key = root().keyFile;
        String made = signature;
        String by = signedBy;
        if (made != null && by != null && key == null) {
            return ApprovalsAnswer.one(product.access().approve(id, new Approval.Signature(by, made)));
        }
        if (key == null || made != null || by != null) {
            throw ErrorCode.USAGE.because("approve with --key-file KEY, or with --signature and --signed-by");
        }
        return ApprovalsAnswer.one(product.access().approve(id, key));
    }
}
