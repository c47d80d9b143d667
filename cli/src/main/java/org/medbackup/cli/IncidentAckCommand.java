package org.medbackup.cli;

import java.time.Duration;
import java.util.List;
import org.medbackup.resilience.escalation.Incident;
import org.medbackup.service.MedBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes care of an incident. */
@Command(
        name = "ack",
        description =
                "Says that you take care of it: nobody is told again until the time is over, unless it gets worse.")
final class IncidentAckCommand extends ProductCommand {

    @Parameters(paramLabel = "ID", description = "Its id, or the beginning of it.")
    String id = "";

    @Option(
            names = "--note",
            paramLabel = "TEXT",
            description = "What you do about it; people read it. No patient data.")
    String note = "";

    @Option(
            names = "--for",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "For how long, such as 2h or 1d (default: 4h).")
    Duration length = Duration.ofHours(4);

    @Override
    Answer answer(MedBackup product) {
        Incident incident = product.incidents().acknowledge(id, note, length);
        var answer = new Answer().field("incidents", List.of(IncidentAnswer.members(incident)));
        IncidentAnswer.lines(incident).forEach(answer::line);
        return answer;
    }
}
