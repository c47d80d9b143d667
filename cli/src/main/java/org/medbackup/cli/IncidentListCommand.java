package org.medbackup.cli;

import java.util.List;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;

/** Lists incidents. */
@Command(name = "list", description = "Lists what is not over, the most urgent first.")
final class IncidentListCommand extends ProductCommand {

    @Override
    Answer answer(MedBackup product) {
        List<Incident> incidents = product.incidents().list();
        var answer = new Answer()
                .field(
                        "incidents",
                        incidents.stream().map(IncidentAnswer::members).toList());
        if (incidents.isEmpty()) {
            return answer.line("nothing waits for a person");
        }
        incidents.forEach(each -> IncidentAnswer.lines(each).forEach(answer::line));
        return answer;
    }
}
