package org.medbackup.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.medbackup.core.error.ErrorCode;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;

/** Requests what others have to approve. */
@Command(
        name = "request",
        description =
                "Requests what others have to approve, by the command that would do it; nothing is done. --reason says"
                        + " why.")
final class ApprovalRequestCommand extends ProductCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "OPERATION",
            description = "The command with its options, such as: forget SNAPSHOT, hold release HOLD --because TEXT,"
                    + " key revoke ID, policy activate FILE.")
    List<String> words = new ArrayList<>();

    private @Nullable ProductCommand act;

    @Override
    Answer answer() {
        act = command(words);
        return super.answer();
    }

    @Override
    Answer answer(MedBackup product) {
        ProductCommand requested = Objects.requireNonNull(act, "it was parsed before");
        return ApprovalsAnswer.one(product.access().request(() -> requested.answer(product)));
    }

    private ProductCommand command(List<String> operation) {
        Root inner = root().again();
        try {
            ParseResult parsed = Main.commandLine(inner).parseArgs(operation.toArray(String[]::new));
            while (parsed.hasSubcommand()) {
                parsed = parsed.subcommand();
            }
            if (parsed.commandSpec().userObject() instanceof ProductCommand command
                    && !(command instanceof ApprovalRequestCommand)) {
                root().take(inner);
                inner.take(root());
                root().terminal().configure(root().json, root().quiet, root().verbose);
                return command;
            }
        } catch (ParameterException wrong) {
            throw ErrorCode.USAGE.because(
                    "of the operation: " + String.valueOf(wrong.getMessage()).replace('\n', ' '));
        }
        throw ErrorCode.USAGE.because("`" + operation.getFirst() + "` is no command that does something");
    }
}
