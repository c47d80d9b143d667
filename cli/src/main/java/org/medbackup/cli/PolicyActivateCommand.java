package org.medbackup.cli;

import java.nio.file.Path;
import org.medbackup.service.MedBackup;
import org.medbackup.service.PolicyReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts a policy in force. */
@Command(
        name = "activate",
        description =
                "Puts a policy in force that was checked, simulated and signed: by one key of policy.signers, by two"
                        + " where it protects less.")
final class PolicyActivateCommand extends ProductCommand {

    @Parameters(paramLabel = "FILE", description = "The policy; its signatures lie in FILE.sig.")
    Path file = Path.of("");

    @Override
    Answer answer(MedBackup product) {
        PolicyReports.Activated activated = product.policy().activate(file);
        var answer = new Answer()
                .field("policy", PolicyAnswer.policy(activated.inForce()))
                .field("weakenings", PolicyAnswer.weakenings(activated.weakenings()))
                .line("version " + activated.inForce().policy().version() + " is in force, signed by "
                        + String.join(", ", activated.inForce().signers()));
        activated.weakenings().forEach(each -> answer.line("WEAKER: " + each.message()));
        return answer;
    }
}
